import Diagnostics
import Foundation
import Testing

@testable import Changelog

/// Every changelog of the conformance corpus, read and compared with the books that the real Liquibase left.
///
/// The corpus lies beside the repository, or where `SLUICE_CORPUS` says; without it there is nothing to compare.
@Suite struct CorpusTests {
    static let corpus: String? = {
        let beside = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("shared/corpus/changelogs").path
        return [ProcessInfo.processInfo.environment["SLUICE_CORPUS"], beside].compactMap(\.self)
            .first { FileManager.default.fileExists(atPath: "\($0)/golden") }
    }()

    /// The cases whose golden books show every changeset that a single update lets through.
    static let cases: [String] = {
        guard let corpus else { return [] }
        return (try? FileManager.default.contentsOfDirectory(atPath: "\(corpus)/cases"))?.sorted() ?? []
    }()

    /// Refused on purpose, with the code of the reason.
    private static let refused = ["it-common-external-entity": "changelog.xml.doctype"]

    private struct Case: Decodable {
        struct Step: Decodable {
            var args: [String]?
        }
        var changelog: String
        var args: [String]?
        var defs: [String: String]?
        var steps: [Step]?
    }

    private static func parameters(_ arguments: [String], _ defined: [String: String]) -> ChangelogParameters {
        func value(_ names: String...) -> String? {
            arguments.first { argument in names.contains { argument.hasPrefix("--\($0)=") } }?
                .split(separator: "=", maxSplits: 1).last.map(String.init)
        }
        let filter = ChangeSetFilter(
            contexts: RuntimeContexts(value("contexts", "context-filter")),
            labels: LabelExpression(value("labels", "label-filter")) ?? LabelExpression())
        return ChangelogParameters(filter: filter, defined: defined)
    }

    @Test("the books of the real Liquibase hold what is read here, in this order", arguments: cases)
    func books(_ name: String) throws {
        let corpus = try #require(Self.corpus)
        let folder = "\(corpus)/cases/\(name)"
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/case.json"))
        let description = try JSONDecoder().decode(Case.self, from: data)
        let status = (try? String(contentsOfFile: "\(corpus)/golden/\(name)/status.txt", encoding: .utf8)) ?? ""
        guard description.steps == nil, status.hasPrefix("update\texit=0") else { return }
        let parameters = Self.parameters(description.args ?? [], description.defs ?? [:])
        let reader = ChangelogReader(source: DirectorySource(searchPath: [folder]), parameters: parameters)
        if let code = Self.refused[name] {
            #expect(throws: DiagnosticsError.self) { try reader.read(description.changelog) }
            let error = #expect(throws: DiagnosticsError.self) { try reader.read(description.changelog) }
            #expect(error?.diagnostics.first?.code == code)
            return
        }
        let read = try reader.read(description.changelog).changeSets
            .filter { parameters.filter.reasonToSkip($0) == nil }.map(Self.row)
        let books = try Self.books("\(corpus)/golden/\(name)/databasechangelog.tsv")
        // Changesets that a precondition skipped, or whose failure was allowed, have no row.
        var rest = read[...]
        for row in books {
            let index = try #require(rest.firstIndex(of: row), "not read, or not in this order: \(row)")
            rest = rest[(index + 1)...]
        }
    }

    private static func row(_ changeSet: ChangeSet) -> [String] {
        [
            changeSet.identity.id, changeSet.identity.author, changeSet.identity.path, changeSet.comment ?? "",
            changeSet.fullContext ?? "\\N", changeSet.fullLabels ?? "\\N",
        ].map { $0 == "\\N" ? $0 : escaped($0) }
    }

    /// As `COPY` writes text.
    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\t", with: "\\t")
            .replacing("\r", with: "\\r")
    }

    private static func books(_ path: String) throws -> [[String]] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return text.split(separator: "\n").dropFirst().map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return [0, 1, 2, 7, 9, 10].map { fields[$0] }
        }
    }
}
