import SQLSyntax

/// A validation that gains nothing.
struct ValidateInSameTransaction: LintRule {
    let description = RuleDescription(
        "validate-in-same-transaction", .warn, lock: .accessExclusive,
        """
        A constraint is added `NOT VALID` and validated in the same transaction: the lock of the first statement \
        is held while the second reads the table.
        """,
        advice: "validate it in a changeset of its own")

    func judge(_ changeSet: ChangeSetContext) -> [LintRemark] {
        guard changeSet.isTransactional else { return [] }
        var added: Set<String> = []
        var remarks: [LintRemark] = []
        for part in changeSet.parts where part.concernsUsedTable {
            guard case .alterTable(let change) = part.statement.kind else { continue }
            for action in change.actions {
                switch action {
                case .addConstraint(let constraint) where constraint.isNotValid:
                    if let name = constraint.name { added.insert(name) }
                case .validateConstraint(let name) where added.contains(name):
                    remarks.append(
                        LintRemark(
                            "constraint \(name) is validated under the lock with which it was added", at: part.location)
                    )
                default: continue
                }
            }
        }
        return remarks
    }
}
