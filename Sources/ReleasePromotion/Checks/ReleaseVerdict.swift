public import Diagnostics
public import GitClient
import Puppetfile

/// What the checks say of a release: of its source, and of every branch that it would be merged into.
public struct ReleaseVerdict: Hashable, Sendable {
    /// What was checked at one place.
    public struct Place: Hashable, Sendable {
        /// The branch; nil for the source.
        public var branch: String?
        /// The tree that was checked.
        public var tree: ObjectID
        /// What the release would bring there that is wrong, or worth knowing.
        public var findings: [Diagnostic] = []
        /// What was not looked at.
        public var unchecked: [TreeReport.Unchecked] = []

        /// Whether nothing there refuses the release.
        public var isAccepted: Bool { !findings.contains { $0.severity == .error } }
    }

    /// The places: the source, then branches in the order of the walk.
    public var places: [Place]

    /// Makes a verdict.
    public init(places: [Place]) { self.places = places }

    /// Whether no place refuses the release.
    public var isAccepted: Bool { places.allSatisfy(\.isAccepted) }

    /// The places that refuse it, among the source and some branches.
    func refusals(on branches: [String]) -> [Place] {
        places.filter { place in !place.isAccepted && (place.branch.map(branches.contains) ?? true) }
    }
}

extension ReleaseVerdict: CustomStringConvertible {
    /// The verdict in lines for people. What is said of several places is said once.
    public var description: String {
        var findings: [Diagnostic] = []
        var unchecked: [TreeReport.Unchecked] = []
        for place in places {
            findings += place.findings.filter { !findings.contains($0) }
            unchecked += place.unchecked.filter { !unchecked.contains($0) }
        }
        return CheckWords.lines(findings, unchecked)
    }
}

extension ReleaseVerdict {
    /// The name under which a commit's status says it.
    static let statusContext = "sluice/verified"

    /// What is said of which commit: equal when there is nothing new to say. A release that goes on has fewer branches left.
    func mark(on commit: ObjectID) -> String { "\(commit.hex) \(isAccepted ? "accepted" : sentence)" }

    /// The verdict in one line.
    var summary: String {
        guard isAccepted else { return sentence }
        let warnings = Set(places.flatMap(\.findings).filter { $0.severity == .warning }).count
        let gaps = Set(places.flatMap(\.unchecked).map(\.check.rawValue)).sorted()
        let parts = [
            "\(places.count) tree\(places.count == 1 ? "" : "s") checked",
            warnings > 0 ? "\(warnings) warning\(warnings == 1 ? "" : "s")" : nil,
            gaps.isEmpty ? nil : "not checked: \(gaps.joined(separator: ", "))",
        ]
        return parts.compactMap(\.self).joined(separator: "; ")
    }

    /// The verdict as a comment on the source's merge request.
    func comment(on commit: ObjectID) -> String {
        let lines = description
        // Four spaces make a line code, whatever stands in it.
        let body = lines.isEmpty ? "" : "\n\n    " + lines.replacingAll("\n", with: "\n    ")
        return "**Verified: \(isAccepted ? "+1" : "-1")** (\(commit.abbreviated)): \(summary)\(body)"
    }

    /// What refuses, in one sentence: where, and the first mistakes.
    var sentence: String {
        let names = places.filter { !$0.isAccepted }.map { $0.branch ?? "the source" }
        let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
        let mistakes = places.flatMap(\.findings).filter { $0.severity == .error }.map { $0.description }
        let first = mistakes.enumerated().filter { mistakes.firstIndex(of: $0.element) == $0.offset }.map(\.element)
        let more = first.count > 3 ? "; and \(first.count - 3) more" : ""
        let text = "the checks refuse what \(shown) would get: \(first.prefix(3).joined(separator: "; "))\(more)"
        return TextScrubber(limit: 1_500).scrub(text.replacingAll("\n", with: " "))
    }
}

extension [Diagnostic] {
    /// The findings that were not there before. Lines move, so that where a finding stands in its file does not count.
    /// That nobody could look is no property of the files: it refuses a release each time.
    func new(since before: [Diagnostic]) -> [Diagnostic] {
        var known: [[String]: Int] = [:]
        for finding in before where !finding.isBlind { known[finding.identity, default: 0] += 1 }
        return filter { finding in
            guard let count = known[finding.identity], count > 0 else { return true }
            known[finding.identity] = count - 1
            return false
        }
    }
}

extension Diagnostic {
    fileprivate var identity: [String] { [code, location.file, message] }

    /// Whether it says that nobody could look.
    fileprivate var isBlind: Bool { ["check.program-unavailable", "check.tree-unreadable"].contains(code) }
}

extension Puppetfile {
    /// The modules that are new, or pinned otherwise than before: only their pins are the release's business.
    func changed(since before: Puppetfile?) -> Puppetfile {
        guard let before else { return self }
        let names = Set(PuppetfileComparison(from: before, to: self).changes.map(\.name))
        return Puppetfile(modules: modules.filter { names.contains($0.name) })
    }
}
