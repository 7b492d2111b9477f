import Diagnostics

@testable import Changelog

/// Reads changelogs that stand in tests as text.
enum Reading {
    static let schema = """
        xmlns="http://www.liquibase.org/xml/ns/dbchangelog" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
        xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog \
        http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd"
        """

    /// An XML changelog around some elements; the elements begin on line 2.
    static func xml(_ elements: String, _ attributes: String = "") -> String {
        "<databaseChangeLog \(schema) \(attributes)>\n\(elements)\n</databaseChangeLog>\n"
    }

    static func changelog(
        _ files: [String: String], root: String? = nil, _ parameters: ChangelogParameters = ChangelogParameters(),
        limits: ChangelogLimits = ChangelogLimits()
    ) throws -> ResolvedChangelog {
        try changelog(bytes: files.mapValues { Array($0.utf8) }, root: root, parameters, limits: limits)
    }

    static func changelog(
        bytes files: [String: [UInt8]], root: String? = nil, _ parameters: ChangelogParameters = ChangelogParameters(),
        limits: ChangelogLimits = ChangelogLimits()
    ) throws -> ResolvedChangelog {
        let root = root ?? files.keys.sorted()[0]
        return try ChangelogReader(source: MemorySource(files), parameters: parameters, limits: limits).read(root)
    }

    /// What is wrong with a changelog, as `code at place`; empty when nothing is.
    static func mistakes(
        _ files: [String: String], root: String? = nil, _ parameters: ChangelogParameters = ChangelogParameters(),
        limits: ChangelogLimits = ChangelogLimits()
    ) -> [String] {
        mistakes(bytes: files.mapValues { Array($0.utf8) }, root: root, parameters, limits: limits)
    }

    static func mistakes(
        bytes files: [String: [UInt8]], root: String? = nil, _ parameters: ChangelogParameters = ChangelogParameters(),
        limits: ChangelogLimits = ChangelogLimits()
    ) -> [String] {
        do {
            let changelog = try changelog(bytes: files, root: root, parameters, limits: limits)
            guard changelog.mistakes.isEmpty else { throw DiagnosticsError(changelog.mistakes) }
            return []
        } catch let error as DiagnosticsError {
            return error.diagnostics.filter { $0.severity == .error }.map { "\($0.code) at \($0.location)" }
        } catch {
            return ["\(error)"]
        }
    }
}
