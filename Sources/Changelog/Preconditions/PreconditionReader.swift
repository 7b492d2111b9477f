public import Diagnostics

/// Reads `preConditions` elements. Catalog queries are written here, with names as the catalogs hold them.
public struct PreconditionReader {
    private let dialect: SQLDialect
    private var diagnostics: [Diagnostic] = []
    private let context: DecodingContext

    /// Makes a reader.
    public init(dialect: SQLDialect, context: DecodingContext) {
        self.dialect = dialect
        self.context = context
    }

    /// Reads a `preConditions` element; mistakes are added to `diagnostics`.
    ///
    /// - Parameters:
    ///   - node: The element.
    ///   - path: The changelog's path in the books, the default of `changeSetExecuted`.
    public static func read(
        _ node: ChangelogNode, path: String, dialect: SQLDialect, context: DecodingContext,
        diagnostics: inout [Diagnostic]
    ) -> PreconditionSet {
        var reader = PreconditionReader(dialect: dialect, context: context)
        let set = PreconditionSet(
            condition: .and(reader.conditions(in: node, path: path)),
            onFail: reader.outcome(node, "onFail"), onError: reader.outcome(node, "onError"),
            onSQLOutput: reader.onSQLOutput(node), onFailMessage: node["onFailMessage"],
            onErrorMessage: node["onErrorMessage"])
        diagnostics += reader.diagnostics
        return set
    }

    private mutating func outcome(_ node: ChangelogNode, _ field: String) -> PreconditionSet.Outcome {
        guard let text = node[field] else { return .halt }
        if let outcome = PreconditionSet.Outcome(rawValue: text.uppercased()) { return outcome }
        report(node, "'\(field)' is one of HALT, CONTINUE, MARK_RAN, WARN, not \"\(text.limited(to: 40))\"")
        return .halt
    }

    private func onSQLOutput(_ node: ChangelogNode) -> PreconditionSet.OnSQLOutput {
        let text = node["onSqlOutput"] ?? node["onUpdateSQL"] ?? node["onUpdateSql"]
        return text.flatMap { PreconditionSet.OnSQLOutput(rawValue: $0.uppercased()) } ?? .ignore
    }

    private static let options: Set<String> = [
        "onFail", "onError", "onFailMessage", "onErrorMessage", "onSqlOutput", "onUpdateSQL", "onUpdateSql",
    ]

    /// - Parameter isTransparent: Whether the element stands directly in `nestedPreconditions`. Liquibase takes what is in
    ///   it and not the element itself, and passes over its plain values.
    private mutating func conditions(
        in node: ChangelogNode, path: String, isTransparent: Bool = false
    ) -> [Precondition] {
        var conditions: [Precondition] = []
        for child in node.children where !Self.options.contains(child.name) {
            if child.name == "nestedPreconditions" {
                for element in child.children {
                    conditions += self.conditions(in: element, path: path, isTransparent: true)
                }
            } else if isTransparent, child.children.isEmpty {
                continue
            } else if let condition = condition(child, path: path) {
                conditions.append(condition)
            }
        }
        return conditions
    }

    /// The readers of XML and YAML limit the depth of what they read, so this ends.
    private mutating func condition(_ node: ChangelogNode, path: String) -> Precondition? {
        switch node.name {
        case "and", "preConditions": return .and(conditions(in: node, path: path))
        case "or": return .or(conditions(in: node, path: path))
        case "not": return .not(conditions(in: node, path: path))
        default: break
        }
        var decoder = ChangeDecoder(node, context: context)
        let condition = check(&decoder, path: path)
        guard let condition else {
            diagnostics.append(
                Diagnostic(
                    code: "changelog.unsupported-precondition", at: node.location,
                    "\(context.changeSet.map { "changeset \($0): " } ?? "")precondition \(node.name) is not supported"))
            return nil
        }
        diagnostics += decoder.finish()
        return condition
    }

    private func check(_ decoder: inout ChangeDecoder, path: String) -> Precondition? {
        switch decoder.node.name {
        case "dbms":
            let type = decoder.required("type")
            let holds = DbmsList.matches(type.lowercased(), ignoringCase: true)
            return .known(holds, failure: "DBMS Precondition failed: expected \(type), got postgresql")
        case "runningAs": return .user(decoder.required("username"))
        case "changeSetExecuted":
            let id = decoder.required("id")
            let author = decoder.required("author")
            return .executed(.init(id: id, author: author, path: decoder.string("changeLogFile") ?? path))
        case "changeLogPropertyDefined":
            return .property(name: decoder.required("property"), value: decoder.string("value"))
        case "expectedQuotingStrategy":
            let strategy = decoder.required("strategy")
            return .known(
                strategy == dialect.quoting.rawValue,
                failure: "expected quoting strategy \(strategy), got \(dialect.quoting.rawValue)")
        default: return CatalogQuestions(dialect: dialect).question(&decoder).map { .query($0) }
        }
    }

    private mutating func report(_ node: ChangelogNode, _ message: String) {
        diagnostics.append(Diagnostic(code: "changelog.invalid-precondition", at: node.location, message))
    }
}
