import Diagnostics

/// The preconditions that formatted SQL knows: `sql-check`, `table-exists` and `view-exists`.
enum SQLPrecondition {
    enum Outcome {
        case node(ChangelogNode)
        case refused(String)
    }

    static func read(_ name: String, _ body: String, at location: SourceLocation) -> Outcome {
        switch name {
        case "sql-check": sqlCheck(body, at: location)
        case "table-exists": exists("tableExists", named: "tableName", by: "table", body, at: location)
        case "view-exists": exists("viewExists", named: "viewName", by: "view", body, at: location)
        default: .refused("formatted SQL knows sql-check, table-exists and view-exists")
        }
    }

    /// `[expectedResult:]1 SELECT …`; the result may stand in quotes of either kind.
    private static func sqlCheck(_ body: String, at location: SourceLocation) -> Outcome {
        let rest = SQLDirective.drop("expectedResult:", from: body[...]) ?? body[...]
        guard let (result, sql) = quoted(rest) ?? word(rest) else {
            return .refused("expected a result and a statement")
        }
        let children = [
            ChangelogNode(name: "expectedResult", value: String(result), location: location),
            ChangelogNode(name: "sql", value: String(sql), location: location),
        ]
        return .node(ChangelogNode(name: "sqlCheck", children: children, location: location))
    }

    private static func quoted(_ text: Substring) -> (Substring, Substring)? {
        guard let quote = text.first, quote == "'" || quote == "\"" else { return nil }
        let inner = text.dropFirst()
        guard let end = inner.firstIndex(of: quote), end > inner.startIndex else { return nil }
        let rest = inner[inner.index(after: end)...]
        return rest.first == " " ? (inner[..<end], rest.dropFirst()) : nil
    }

    /// A word up to a blank. A property in its place is one too: it is expanded later.
    private static func word(_ text: Substring) -> (Substring, Substring)? {
        guard let end = text.unicodeScalars.firstIndex(of: " "), end > text.startIndex else { return nil }
        let word = text[..<end]
        guard word.utf8.allSatisfy(SQLDirective.isWord) || word.begins(with: "${") && word.ends(with: "}") else {
            return nil
        }
        return (word, text[text.index(after: end)...])
    }

    private static func exists(
        _ name: String, named: String, by key: String, _ body: String, at location: SourceLocation
    ) -> Outcome {
        let attributes = SQLAttributes(body[...])
        guard let object = attributes[key] else { return .refused("expected \(key):<name>") }
        var children = [ChangelogNode(name: named, value: object, location: location)]
        if let schema = attributes["schema"] {
            children.append(ChangelogNode(name: "schemaName", value: schema, location: location))
        }
        return .node(ChangelogNode(name: name, children: children, location: location))
    }
}
