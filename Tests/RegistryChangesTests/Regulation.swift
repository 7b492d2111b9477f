import Changelog
import Diagnostics

@testable import RegistryChanges

/// Understands regulations that stand in tests as XML.
enum Regulation {
    /// A changelog of some changesets, for the operational database.
    static func changelog(_ changeSets: String, contexts: String = "all,pub") throws -> PreparedChangelog {
        let text = """
            <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog" \
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
            xmlns:ext="http://www.liquibase.org/xml/ns/dbchangelog-ext" \
            xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog \
            http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-4.5.xsd">
            \(changeSets)
            </databaseChangeLog>
            """
        return try changelog(files: ["main.xml": text], root: "main.xml", contexts: contexts)
    }

    /// A changelog of some files.
    static func changelog(
        files: [String: String], root: String, contexts: String = "all,pub"
    ) throws -> PreparedChangelog {
        let source = MemorySource(files.mapValues { Array($0.utf8) })
        let filter = ChangeSetFilter(contexts: RuntimeContexts(contexts))
        let resolved = try ChangelogReader(source: source, parameters: ChangelogParameters(filter: filter)).read(root)
        return try PreparedChangelog(
            resolved, source: source, registry: RegistryChanges.changeTypes, filter: filter, defaultSchema: "registry")
    }

    static func changeSet(_ changes: String, id: String = "1", _ attributes: String = "") -> String {
        "<changeSet id=\"\(id)\" author=\"registry owner\" \(attributes)>\(changes)</changeSet>"
    }

    /// What the last of some changes sends; each is a changeset of its own.
    static func sql(_ changes: String..., contexts: String = "all,pub") throws -> [String] {
        let sets = changes.enumerated().map { changeSet($1, id: "\($0)") }.joined(separator: "\n")
        return try changelog(sets, contexts: contexts).changeSets.last?.statements().map(\.text) ?? []
    }

    /// What is wrong with some changes, each a changeset of its own, as `line: code: message`.
    static func mistakes(_ changes: String..., contexts: String = "all,pub") -> [String] {
        do {
            let sets = changes.enumerated().map { changeSet($1, id: "\($0)") }.joined(separator: "\n")
            _ = try changelog(sets, contexts: contexts)
            return []
        } catch let error as DiagnosticsError {
            return error.diagnostics.map { "\($0.location.line ?? 0): \($0.code): \($0.message)" }
        } catch {
            return ["\(error)"]
        }
    }

    /// A table with a named primary key.
    static func table(_ name: String, _ columns: String = "", _ attributes: String = "") -> String {
        """
        <createTable tableName="\(name)" ext:historyFlag="true" \(attributes)><column name="\(name)_id" type="UUID" \
        defaultValueComputed="uuid_generate_v4()"><constraints nullable="false" primaryKey="true" \
        primaryKeyName="pk_\(name)"/></column>\(columns)</createTable>
        """
    }
}
