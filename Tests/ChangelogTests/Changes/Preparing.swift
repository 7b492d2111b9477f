import Diagnostics

@testable import Changelog

/// Understands changelogs that stand in tests as XML.
enum Preparing {
    /// A changelog of changesets written as XML.
    static func changelog(
        _ changeSets: String, files: [String: String] = [:], filter: ChangeSetFilter = ChangeSetFilter(),
        defaultSchema: String = "public", registry: ChangeTypeRegistry = .standard
    ) throws -> PreparedChangelog {
        var files = files
        files["changelog.xml"] = Reading.xml(changeSets)
        let source = MemorySource(files.mapValues { Array($0.utf8) })
        let resolved = try ChangelogReader(source: source, parameters: ChangelogParameters(filter: filter))
            .read("changelog.xml")
        return try PreparedChangelog(
            resolved, source: source, registry: registry, filter: filter, defaultSchema: defaultSchema)
    }

    /// A changeset around some changes.
    static func changeSet(_ changes: String, id: String = "1", _ attributes: String = "") -> String {
        "<changeSet id=\"\(id)\" author=\"a\" \(attributes)>\(changes)</changeSet>"
    }

    /// The one changeset of some changes.
    static func only(
        _ changes: String, files: [String: String] = [:], _ attributes: String = ""
    ) throws -> PreparedChangeSet {
        let prepared = try changelog(changeSet(changes, attributes), files: files)
        guard let first = prepared.changeSets.first else { throw Missing() }
        return first
    }

    /// The SQL of some changes, a statement a line.
    static func sql(_ changes: String, files: [String: String] = [:], _ attributes: String = "") throws -> [String] {
        try only(changes, files: files, attributes).statements().map(\.text)
    }

    /// The statements that take the first of some changes back; nil when nothing does.
    static func inverse(_ changes: String) throws -> [String]? {
        let prepared = try only(changes)
        return try prepared.changes.first?.change.inverse(prepared.dialect)?.map(\.text)
    }

    /// What is wrong with some changes, as `code: message`.
    static func mistakes(_ changes: String, files: [String: String] = [:]) -> [String] {
        do {
            _ = try only(changes, files: files)
            return []
        } catch let error as DiagnosticsError {
            return error.diagnostics.map { "\($0.code): \($0.message)" }
        } catch {
            return ["\(error)"]
        }
    }

    struct Missing: Error {}
}
