import Diagnostics

@testable import Changelog

extension FuzzTarget {
    /// A file of each format, read, understood and turned into SQL.
    static let changelogs: [FuzzTarget] = [
        FuzzTarget(name: "xml") { read(["c.xml": $0], root: "c.xml") },
        FuzzTarget(name: "yaml") { read(["c.yaml": $0], root: "c.yaml") },
        FuzzTarget(name: "json") { read(["c.json": $0], root: "c.json") },
        FuzzTarget(name: "formatted-sql") {
            read(["c.sql": Array("--liquibase formatted sql\n".utf8) + $0], root: "c.sql")
        },
        FuzzTarget(name: "plain-sql") { read(["c.sql": $0], root: "c.sql") },
        FuzzTarget(name: "files") { bytes in
            let files = files(in: bytes)
            if let root = files.first { read(Dictionary(files) { $1 }, root: root.0) }
        },
    ]

    /// Several files in one input, each below a line `=== path`; the first one is the root.
    static func files(in bytes: [UInt8]) -> [(String, [UInt8])] {
        var files: [(String, [UInt8])] = []
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.starts(with: Array("=== ".utf8)) {
                files.append((String(decoding: line.dropFirst(4), as: UTF8.self), []))
            } else if !files.isEmpty {
                files[files.count - 1].1 += line + [UInt8(ascii: "\n")]
            }
        }
        return files
    }

    /// All that is done with a changelog without a database.
    private static func read(_ files: [String: [UInt8]], root: String) {
        let source = MemorySource(files)
        let filter = ChangeSetFilter(contexts: RuntimeContexts("test"))
        let parameters = ChangelogParameters(filter: filter, defined: ["name": "value", "table": "t${name}"])
        do {
            let resolved = try ChangelogReader(source: source, parameters: parameters).read(root)
            let prepared = try PreparedChangelog(resolved, source: source, filter: filter)
            var books = Books()
            for changeSet in prepared.changeSets {
                _ = try? changeSet.statements()
                let row = BooksLayout.RowContext(order: 1, execType: .executed, deploymentID: "0", engine: "fuzz")
                _ = BooksLayout().record(changeSet, row)
                _ = changeSet.reasonAgainstRollback(in: prepared)
                books.note(BookEntry(identity: changeSet.identity, checksum: changeSet.checksum(.v8)))
            }
            promise(
                DeploymentPlan(prepared, books: books).refusals.isEmpty,
                "what was noted with a checksum of version 8 is accepted")
        } catch let error as DiagnosticsError {
            promise(!error.diagnostics.isEmpty, "a refusal says why")
            promise(error.diagnostics.count <= 500, "mistakes end in a bounded list")
        } catch {}
    }
}
