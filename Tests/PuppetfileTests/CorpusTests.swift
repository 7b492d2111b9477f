import Diagnostics
import Foundation
import Puppetfile
import Testing

/// Puppetfiles with the verdicts of r10k: ours, which lie here, and those of well-known repositories where they lie beside the
/// checkout.
enum Corpus {
    struct File: CustomTestStringConvertible, Sendable {
        let name: String
        let path: String
        /// What r10k 5.0.2 says.
        let isAccepted: Bool

        var testDescription: String { name }
        var bytes: [UInt8] { get throws { Array(try Data(contentsOf: URL(filePath: path))) } }
    }

    static let files: [File] = {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let shared = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "shared/corpus/puppetfiles")
        return [("", shared), ("edge/", here.appending(path: "Corpus"))].flatMap { folder, root -> [File] in
            let table = root.appending(path: "VERDICTS.tsv").path
            guard let text = try? String(contentsOfFile: table, encoding: .utf8) else { return [] }
            return text.split(separator: "\n").dropFirst().compactMap { line in
                let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
                guard columns.count >= 5 else { return nil }
                let path = root.appending(path: columns[0]).path
                return File(name: folder + columns[0], path: path, isAccepted: columns[3] == "0")
            }
        }
    }()
}

@Suite("Collected Puppetfiles")
struct CorpusTests {
    @Test("There are some, and each reason for refusing what r10k accepts stands on the reference page")
    func present() throws {
        #expect(Corpus.files.count > 30)
        let page = try String(
            contentsOf: URL(filePath: #filePath).appending(path: "../../../docs/reference/errors.md").standardized,
            encoding: .utf8)
        for reason in Set(Self.refused.values) { #expect(page.contains("`\(reason)`"), "\(reason)") }
    }

    /// Files that r10k accepts and that are refused here, with the reason that the reference page gives.
    static let refused = [
        "bolt.Puppetfile": "puppetfile.not-literal",
        "edge/15-git-branch-and-tag.Puppetfile": "puppetfile.conflicting-keys",
        "edge/18-git-bad-commit.Puppetfile": "puppetfile.invalid-commit",
        "edge/37-interpolation.Puppetfile": "puppetfile.not-literal",
        "edge/39-loop.Puppetfile": "puppetfile.not-literal",
        "edge/40-conditional.Puppetfile": "puppetfile.not-literal",
    ]

    @Test("What r10k accepts is accepted, or refused for a reason that the page lists", arguments: Corpus.files)
    func verdict(_ file: Corpus.File) throws {
        let reading = PuppetfileReader().read(try file.bytes, file: "Puppetfile")
        let errors = reading.findings.filter { $0.severity == .error }
        if let reason = Self.refused[file.name] {
            #expect(file.isAccepted && errors.contains { $0.code == reason }, "\(errors)")
        } else {
            #expect(reading.isAccepted == file.isAccepted, "\(errors)")
        }
        for finding in reading.findings {
            #expect(finding.location.line != nil && finding.location.column != nil && !finding.message.isEmpty)
        }
    }
}
