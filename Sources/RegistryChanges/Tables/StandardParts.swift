import Changelog
import Diagnostics

/// What the registries' forms of Liquibase's own changes share.
extension ChangeDecoder {
    /// A change of Liquibase's own that is made up here. Mistakes of its author have been found before.
    func standard(_ node: ChangelogNode) -> DecodedChange? {
        var ignored: [Diagnostic] = []
        return ChangeTypeRegistry.standard.decode(node, in: context, diagnostics: &ignored)
    }

    /// Whether the change is one with history. With the registries' attributes it must be.
    mutating func requireHistory(_ flag: Bool?) -> Bool {
        if flag == true { return true }
        report(
            flag == nil
                ? "'historyFlag' is required beside the registries' attributes" : "'historyFlag' is never false",
            hint: "historyFlag=\"true\"")
        return false
    }
}

extension ChangelogNode {
    /// The change with every column changed.
    func mapColumns(_ change: (ChangelogNode) -> ChangelogNode) -> ChangelogNode {
        var node = self
        node.children = children.map { child in
            if child.isNamed("column") { return change(child) }
            guard child.isNamed("columns") else { return child }
            if child.children(named: "column").isEmpty { return change(child) }
            return child.mapColumns(change)
        }
        return node
    }
}

extension ChangeRecord {
    /// A field's text.
    func text(_ field: String) -> String? {
        guard case .text(let text)? = self[field] else { return nil }
        return text
    }
}

/// The rights on a registry's tables.
enum AccessSQL {
    /// Nobody reads a table but the services: of the operational database by default, of the replica on past states.
    static func table(_ name: String, isPast: Bool, _ contexts: RuntimeContexts) -> [SQLStatement] {
        var statements: [SQLStatement] = ["REVOKE ALL PRIVILEGES ON TABLE \(name) FROM PUBLIC"]
        if contexts.names.contains("pub") { statements.append("GRANT SELECT ON \(name) TO application_role") }
        if isPast, contexts.names.contains("sub") {
            statements.append("GRANT SELECT ON \(name) TO historical_data_role")
        }
        return statements
    }
}
