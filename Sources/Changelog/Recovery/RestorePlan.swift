import Diagnostics

/// How the applied statements of a changeset are taken back.
struct RestorePlan: Sendable {
    /// One statement that takes something back.
    struct Step: Sendable, Hashable {
        /// How many statements of the changeset are still applied behind it.
        var leaves: Int
        /// The statement.
        var statement: SQLStatement
        /// A query whose answer is true while the thing is still there; nil when nobody can tell.
        var presence: String?
    }

    /// The steps, in order.
    var steps: [Step] = []

    /// Decides.
    ///
    /// Each applied statement is taken back by itself where its inverse is known. Otherwise the inverses of the changes
    /// are used, when whole changes are applied, and else what the author wrote as rollback.
    ///
    /// - Parameter applied: How many statements are applied.
    /// - Throws: ``RollbackImpossible``
    init(_ prepared: PreparedChangeSet, _ statements: [SQLStatement], applied: Int, in changelog: PreparedChangelog)
        throws
    {
        var steps: [Step] = []
        for index in statements.indices.prefix(applied).reversed() {
            let kind = StatementKind(statements[index])
            if kind == .session || kind == .repeatable { continue }
            guard let effect = StatementEffect(statements[index].text) else {
                self.steps = try Self.others(prepared, applied: applied, in: changelog, missing: index)
                return
            }
            let location = statements[index].location
            steps.append(
                Step(
                    leaves: index, statement: SQLStatement(effect.inverse, location: location),
                    presence: effect.presence))
        }
        self.steps = steps
    }

    private static func others(
        _ prepared: PreparedChangeSet, applied: Int, in changelog: PreparedChangelog, missing: Int
    ) throws -> [Step] {
        if case .inverses = prepared.rollback {
            var left = applied
            var inverses: [SQLStatement] = []
            for change in prepared.changes where PreparedChangeSet.isForPostgres(change) {
                guard left > 0 else { break }
                left -= try change.change.statements(prepared.dialect).count { $0.role != .message }
                guard left >= 0, let inverse = try change.change.inverse(prepared.dialect) else {
                    throw RollbackImpossible(
                        reason: "statement \(missing + 1) has no known inverse, and the changeset has no rollback")
                }
                inverses = inverse + inverses
            }
            return whole(inverses)
        }
        return whole(try prepared.rollbackStatements(in: changelog))
    }

    /// Which of the changeset's statements each of them takes back is not known: the journal goes with the last one.
    private static func whole(_ statements: [SQLStatement]) -> [Step] {
        let work = statements.filter { $0.role != .message }
        return work.enumerated().map { Step(leaves: $0.offset == work.count - 1 ? 0 : -1, statement: $0.element) }
    }
}
