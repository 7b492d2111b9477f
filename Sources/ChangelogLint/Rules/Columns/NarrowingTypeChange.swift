import SQLSyntax

/// A type change that loses values or fails.
struct NarrowingTypeChange: LintRule {
    let description = RuleDescription(
        "narrowing-type-change", .warn, lock: .accessExclusive,
        """
        A column gets a type that holds less. Values that do not fit end the deploy or are cut; a candidate's \
        database has none and shows nothing.
        """,
        advice: "find the values that do not fit first, and refuse new ones by a CHECK constraint instead")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        statement.remarks { action, table in
            guard case .alterType(let column, let type, let hasConversion) = action else { return nil }
            let old = statement.table(table)?.columns[column]
            guard TypeChange(from: old, to: type, hasConversion: hasConversion).narrows else { return nil }
            let former = old.map { ", it was \($0)" } ?? ""
            return "column \(column) of \(table) becomes \(type)\(former), which holds less"
        }
    }
}
