import Diagnostics

/// One rule of `modifySql`: text put before or behind each statement, or replaced in it.
public struct SQLModification: Sendable {
    private enum Action: Sendable {
        case append(String)
        case prepend(String)
        case replace(String, with: String)
        case replaceExpression(String, with: String)
    }

    private let action: Action
    /// Whether the rule is also for statements that take a changeset back.
    public let appliesToRollback: Bool
    private let record: ChangeRecord
    /// The databases it is for; they counted in version 8.
    private let dbms: [String]?

    /// Reads the rules of a `modifySql` element that are for PostgreSQL.
    static func read(
        _ node: ChangelogNode, contexts: RuntimeContexts, context: DecodingContext, diagnostics: inout [Diagnostic]
    ) -> [SQLModification] {
        guard applies(node, contexts) else { return [] }
        let databases = node["dbms"]?.trimmedOrNil.map { $0.words(at: ",").map { String($0).trimmingSpace } }
        let forRollback = node["applyToRollback"].map(ChangeDecoder.boolean)
        return node.children.compactMap { child in
            guard !options.contains(child.name), applies(child, contexts) else { return nil }
            var decoder = ChangeDecoder(child, context: context)
            decoder.ignore("dbms", "context", "contexts", "contextFilter", "labels")
            guard let action = action(&decoder) else {
                diagnostics.append(
                    Diagnostic(
                        code: "changelog.unsupported-modification", at: child.location,
                        "modifySql: \(child.name) is not supported"))
                return nil
            }
            diagnostics += decoder.finish()
            decoder.record("applyToRollback", .text(forRollback == true ? "true" : "false"))
            return SQLModification(
                action: action, appliesToRollback: forRollback ?? false, record: decoder.record, dbms: databases)
        }
    }

    private static let options: Set<String> = [
        "dbms", "context", "contexts", "contextFilter", "applyToRollback", "labels",
    ]

    /// Whether a rule is for PostgreSQL and for the contexts of the update. One with a context needs some to be given.
    private static func applies(_ node: ChangelogNode, _ contexts: RuntimeContexts) -> Bool {
        guard DbmsList.matches(node["dbms"], ignoringCase: true) else { return false }
        guard let text = (node["contextFilter"] ?? node["context"] ?? node["contexts"])?.trimmedOrNil else {
            return true
        }
        return !contexts.names.isEmpty && (ContextExpression(text)?.matches(contexts) ?? false)
    }

    private static func action(_ decoder: inout ChangeDecoder) -> Action? {
        switch decoder.node.name {
        case "append": .append(decoder.string("value") ?? "")
        case "prepend": .prepend(decoder.string("value") ?? "")
        case "replace": .replace(decoder.string("replace") ?? "", with: decoder.string("with") ?? "")
        case "regExpReplace":
            .replaceExpression(decoder.string("replace") ?? "", with: decoder.string("with") ?? "")
        default: nil
        }
    }

    /// The statement with the rule applied.
    fileprivate func apply(to text: String, _ budget: inout BoundedExpression.Budget) throws -> String {
        switch action {
        case .append(let value):
            try budget.spend(growth: value.utf8.count)
            return text + value
        case .prepend(let value):
            try budget.spend(growth: value.utf8.count)
            return value + text
        case .replace(let old, let new):
            let count =
                old.isEmpty ? 0 : (text.utf8.count - text.replacingAll(old, with: "").utf8.count) / old.utf8.count
            let (growth, overflows) = count.multipliedReportingOverflow(by: new.utf8.count - old.utf8.count)
            try budget.spend(growth: overflows ? .max : growth)
            return text.replacingAll(old, with: new)
        case .replaceExpression(let pattern, let template):
            guard let expression = BoundedExpression(pattern) else { return text }
            return try expression.replacing(in: text, with: template, &budget)
        }
    }

    /// The rule's part of its changeset's checksum.
    func checksum(_ version: Checksum.Version) -> Checksum {
        var record = record
        if version <= .v8 { record.set("applicableDbms", dbms.map { .texts($0) }) }
        return Checksum.of(record.serialized, version: version)
    }
}

extension [SQLModification] {
    /// The statements of one changeset with all rules applied.
    ///
    /// - Throws: `SluiceError` `changelog.expression-too-costly` or `changelog.too-large`.
    func applied(
        to statements: [SQLStatement], within budget: BoundedExpression.Budget = .init()
    ) throws -> [SQLStatement] {
        guard !isEmpty else { return statements }
        var budget = budget
        return try statements.map { statement in
            var statement = statement
            guard statement.role == .statement else { return statement }
            for rule in self { statement.text = try rule.apply(to: statement.text, &budget) }
            return statement
        }
    }
}
