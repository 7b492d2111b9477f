import DesiredState
import GitClient
import Testing

@testable import PatchSeries
@testable import UpstreamTracking

@Suite("What people are told of a series")
struct ReportTests {
    private static func id(_ number: Int) throws -> ObjectID { try ObjectID(ofBlob: Array("\(number)".utf8)) }

    private static func text(
        subjects: [String], brought: [Int: [String]] = [:], mentions: [String] = [], remaining: Int = 0
    ) throws -> ProposalText {
        let rows = try subjects.enumerated().map {
            PatchRow(commit: try id($0), subject: $1, author: "Ada", brought: brought[$0]?.count ?? 0, status: .clean)
        }
        var companions: [ObjectID: [CommitLine]] = [:]
        for (index, lines) in brought {
            companions[try id(index)] = try lines.enumerated().map {
                CommitLine(id: try id(1000 * (index + 1) + $0), subject: $1)
            }
        }
        return TrackingReport(
            name: "tool", source: UpstreamSource(place: .url("https://h/t.git"), branch: "main"),
            commitPage: "https://h/t/commit/", rows: rows,
            series: Series(
                cursor: try id(-1), head: try id(-2), form: .firstParent, patches: [], empty: [], commits: rows.count),
            brought: companions, known: [], ignored: [], absorbed: [], mentions: mentions, hasSources: true,
            remaining: remaining
        ).text
    }

    @Test("Commits that came with a merge are listed and linked, up to a number, and the rest is counted")
    func companions() throws {
        let text = try Self.text(subjects: ["Merge"], brought: [0: (0..<60).map { "Side \($0) @ada" }]).request
        let first = try Self.id(1000)
        #expect(text.contains("- [\(first.abbreviated)](https://h/t/commit/\(first)) Side 0 \\@\u{2060}ada"))
        #expect(text.contains("Side 49") && !text.contains("Side 50") && text.contains("- and 10 more"))
        let many = try Self.text(
            subjects: (0..<10).map { "Merge \($0)" },
            brought: Dictionary(uniqueKeysWithValues: (0..<10).map { ($0, (0..<40).map { "Side \($0)" }) })
        ).request
        #expect(many.split(separator: "\n").count { $0.hasPrefix("- [") } == 200)
        #expect(many.contains("- 40 commits"))
    }

    @Test("What remains is said, and whom to ask only where nobody else asks")
    func rest() throws {
        let text = try Self.text(subjects: ["One"], mentions: ["ada"], remaining: 2).request
        #expect(
            text.contains("Upstream has 2 more commits than one merge request takes") && text.contains("\n\n@ada\n\n"))
        #expect(try !Self.text(subjects: ["One"]).request.contains("@"))
    }

    @Test("A text of any number of patches with words of any length is bounded")
    func bounded() throws {
        let long = String(repeating: "very long @words ", count: 10_000)
        let text = try Self.text(subjects: Array(repeating: long, count: 1000))
        #expect(text.request.utf8.count < 51_000 && text.issue.utf8.count < 51_000 && text.title.utf8.count < 250)
        #expect(text.request.hasSuffix("The rest is left out here; the branch has all of it."))
    }
}
