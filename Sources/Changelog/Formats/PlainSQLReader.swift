import Diagnostics

/// Reads a `.sql` file without Liquibase's header: one changeset, `raw` by `includeAll`, run as it stands.
enum PlainSQLReader {
    static func read(_ bytes: [UInt8], file: String, into findings: inout Findings) -> ChangelogDocument? {
        guard let text = SourceText.decode(bytes, file: file, into: &findings) else { return nil }
        let location = SourceLocation(file: file, line: 1, column: 1)
        guard !text.isEmpty else {
            findings.error("changelog.empty-file", at: location, "the file is empty")
            return nil
        }
        func leaf(_ name: String, _ value: String) -> ChangelogNode {
            ChangelogNode(name: name, value: value, location: location)
        }
        let options = [leaf("splitStatements", "false"), leaf("stripComments", "false")]
        let sql = ChangelogNode(name: "sql", value: text, children: options, location: location)
        let changeSet = ChangelogNode(
            name: "changeSet", children: [leaf("id", "raw"), leaf("author", "includeAll"), sql], location: location)
        return ChangelogDocument(format: .plainSQL, nodes: [changeSet])
    }
}
