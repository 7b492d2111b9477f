import DesiredState
import Diagnostics
import Foundation
import GitClient
import PatchSeries

/// What the new commits of an upstream become: patches, a verdict on each, and the commit that would bring them.
struct UpstreamScan {
    let tracking: Tracking
    let cursor: ObjectID
    let head: ObjectID
    /// The package's branch.
    let base: ObjectID
    /// Commits beyond the cursor that the package has.
    var known: Set<ObjectID> = []
    /// Whom the text asks to look.
    var mentions: [String] = []
    /// How much one series may have.
    var limits = SeriesLimits()

    /// What was found.
    struct Found {
        let proposal: TrackingObservation.Proposal
        let commit: PatchCommit
        let absorbed: [String]
    }

    /// Looks; nil when there is nothing to propose.
    /// - Throws: As `SeriesMaker`; `upstream.sources-missing`; as ``PackageChange``.
    func look(upstream: GitMirror, package: GitMirror) async throws -> Found? {
        let spec = tracking.spec
        let cursor = cursor
        let part = try await upstream.speculate { try SeriesPart(for: self, in: $0) }
        let (series, head) = (part.series, part.series.head)
        let filter = IgnoreFilter(rules: spec.ignore)
        let wanted = self.wanted(of: series)
        guard !wanted.isEmpty else { return nil }
        let ignored = series.patches.filter(filter.ignores).map { CommitLine(id: $0.commit, subject: $0.words.subject) }

        let base = base
        let carried = try await package.speculate {
            try CarriedPatches(in: try $0.tree(of: base), spec.patches, $0)
        }
        let absorbed = try await upstream.speculate {
            try carried.absorbed(between: try $0.tree(of: cursor), and: try $0.tree(of: head), in: $0)
        }
        let rows = try await rows(
            of: wanted, carried, isSquashed: series.form == .squashed, upstream: upstream, package: package)
        let added = zip(wanted, rows.areAdded).filter(\.1).map(\.0)
        guard !added.isEmpty else { return nil }
        let text = TrackingReport(
            name: tracking.name, source: spec.source, commitPage: tracking.commitPage, rows: rows, series: series,
            brought: Dictionary(wanted.map { ($0.commit, $0.brought) }) { first, _ in first }, known: known,
            ignored: ignored, absorbed: absorbed,
            mentions: mentions, hasSources: spec.package.sources != nil, remaining: part.remaining
        ).text

        let tracking = tracking
        let (commit, id) = try await package.speculate { trial in
            let tree = try trial.tree(of: base)
            let change = try PackageChange(
                of: added, placement: spec.patches, after: carried.highestNumber, upstream: spec.source.branch
            ) { try trial.file(at: $0, inTree: tree) }
            let seconds = added.map(\.seconds).max() ?? 0
            let commit = PatchCommit(
                change, on: base, title: text.title, tracking: tracking.name, head: head,
                date: Date(timeIntervalSince1970: TimeInterval(min(max(seconds, 0), 1 << 40))))
            return (commit, try commit.make(in: trial))
        }
        return Found(
            proposal: TrackingObservation.Proposal(
                head: head, commit: id, remaining: part.remaining, rows: rows, text: text),
            commit: commit, absorbed: absorbed)
    }

    /// The patches of a series that are neither ignored nor known.
    func wanted(of series: Series) -> [SeriesPatch] {
        let filter = IgnoreFilter(rules: tracking.spec.ignore)
        return series.patches.filter { !filter.ignores($0) && !isKnown($0) }
    }

    /// Whether the package has a patch; one that stands for several commits is proposed as a whole.
    private func isKnown(_ patch: SeriesPatch) -> Bool { patch.brought.isEmpty && known.contains(patch.commit) }

    /// What becomes of each patch: on the package's own files, or on upstream's; either with the patches that it carries.
    private func rows(
        of patches: [SeriesPatch], _ carried: CarriedPatches, isSquashed: Bool, upstream: GitMirror, package: GitMirror
    ) async throws -> [PatchRow] {
        let read = patches.map(\.patch)
        let check: SeriesCheck
        var merging: Set<Int> = []
        if let folder = tracking.spec.package.sources {
            guard let tree = try await package.treeID(of: base, at: folder) else {
                throw SluiceError(
                    "upstream.sources-missing", .stalled, "the package has no folder \(folder) with upstream's files",
                    hint: "correct spec.package.sources, or leave it out")
            }
            check = try await package.speculate { try Self.check(read, with: carried, on: tree, in: $0) }
            if !check.isApplicable {
                let (cursor, tried) = (cursor, check)
                let sides = try await upstream.speculate {
                    try ThreeWay.sides(of: patches, tried, since: cursor, isSquashed: isSquashed, in: $0)
                }
                merging = try await package.speculate { trial in
                    // What the first trial made of the files is forgotten with it.
                    let again = try Self.check(read, with: carried, on: tree, in: trial, seekingWith: .none)
                    return try ThreeWay.merging(sides, again, in: trial)
                }
            }
        } else {
            let cursor = cursor
            check = try await upstream.speculate {
                try Self.check(read, with: carried, on: try $0.tree(of: cursor), in: $0)
            }
        }
        return zip(patches, check.steps).enumerated().map { index, pair in
            PatchRow(pair.0, pair.1, merges: merging.contains(index))
        }
    }

    /// What becomes of patches on files to which the package applies the patches that it carries first.
    private static func check(
        _ patches: [Patch], with carried: CarriedPatches, on tree: ObjectID, in trial: Speculation,
        seekingWith budget: SearchBudget = SearchBudget()
    ) throws -> SeriesCheck {
        try SeriesCheck(
            of: patches, on: try carried.applied(to: tree, in: trial), in: trial, seekingWith: budget)
    }
}

extension SeriesPolicy {
    init(_ style: SeriesStyle) {
        self =
            switch style {
            case .automatic: .automatic
            case .firstParent: .firstParent
            case .commits: .commits
            case .squash: .squash
            }
    }
}
