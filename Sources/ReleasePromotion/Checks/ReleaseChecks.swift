public import DesiredState
import GitClient
import Puppetfile

/// Checks a release: its source, and everything that its merges would give, branch by branch.
///
/// What is wrong with a branch already does not hold a release up; what the release would bring does.
public struct ReleaseChecks: Sendable {
    private let trees: TreeChecker
    private let mirrors: @Sendable (ControlRepositorySpec) -> (any ModuleMirrors)?
    /// The most bytes of files that are held at a time.
    private let byteLimit: Int

    /// Makes checks.
    ///
    /// - Parameters:
    ///   - trees: What checks content, and remembers what it has checked.
    ///   - byteLimit: The most bytes of files that are held at a time. A release with more is checked in several goes.
    ///   - mirrors: The repositories of the modules that a control repository names; nil where pins are not looked up.
    public init(
        _ trees: TreeChecker, byteLimit: Int = 128 << 20,
        mirrors: @escaping @Sendable (ControlRepositorySpec) -> (any ModuleMirrors)? = { _ in nil }
    ) {
        self.trees = trees
        self.byteLimit = byteLimit
        self.mirrors = mirrors
    }

    /// What was read while the merges were tried: as much as is held at a time.
    /// - Parameter done: The reports that are there already.
    func contents(
        of seen: ReleaseObservation, in trial: Speculation, beside done: [ObjectID: TreeReport] = [:]
    ) throws -> ReleaseContents {
        let checks = seen.rules.checks
        return try ReleaseContents(
            try ReleaseContents.places(of: seen, in: trial), checks: checks, in: trial, byteLimit: byteLimit
        ) { done[$0] ?? trees.remembered($0, checks: checks) }
    }

    /// Checks everything that the release would bring, in however many goes: what was not looked at must not be merged.
    ///
    /// - Parameters:
    ///   - contents: What was read first.
    ///   - tryingAgain: Tries the merges once more and calls its argument while what they give can be read.
    /// - Throws: `sandbox.workspace-unusable`, `CancellationError`.
    func verdict(
        on contents: ReleaseContents, of seen: ReleaseObservation,
        tryingAgain: (@escaping @Sendable (Speculation) throws -> ReleaseContents) async throws -> ReleaseContents
    ) async throws -> ReleaseVerdict {
        var contents = contents
        var reports: [ObjectID: TreeReport] = [:]
        while true {
            reports.merge(contents.known) { made, _ in made }
            for (tree, reading) in contents.readings.sorted(by: { $0.key < $1.key }) {
                reports[tree] = try await trees.report(on: tree, checks: seen.rules.checks) { try reading.get() }
            }
            if contents.places.trees.isSubset(of: reports.keys) { break }
            let done = reports
            contents = try await tryingAgain { try self.contents(of: seen, in: $0, beside: done) }
        }
        return try await verdict(on: contents.places, reports, seen.rules)
    }

    private func verdict(
        on wanted: [ReleaseContents.Place], _ reports: [ObjectID: TreeReport], _ rules: ControlRepositorySpec
    ) async throws -> ReleaseVerdict {
        var places: [ReleaseVerdict.Place] = []
        var facts: [PinKey: PinFact] = [:]
        for place in wanted {
            guard let report = reports[place.tree] else { continue }
            let before = place.before.flatMap { reports[$0] }
            var found = ReleaseVerdict.Place(
                branch: place.branch, tree: place.tree, findings: report.findings.new(since: before?.findings ?? []),
                unchecked: report.unchecked)
            if let puppetfile = report.puppetfile, let mirrors = mirrors(rules) {
                let changed = puppetfile.changed(since: before?.puppetfile).modules.filter { $0.source.kind == .git }
                // Zones get the same pins: each is looked up once.
                let unknown = changed.filter { facts[PinKey($0)] == nil && rules.checks.missingPins != .allow }
                for pinned in try await PinLookup(mirrors).look(at: Puppetfile(modules: unknown)) {
                    facts[PinKey(pinned.module)] = pinned.fact
                }
                let pins = PinReport(
                    changed.map { PinnedModule($0, facts[PinKey($0)] ?? .unconfigured) },
                    missing: rules.checks.missingPins)
                found.findings += pins.findings
                found.unchecked += pins.unchecked
            }
            places.append(found)
        }
        return ReleaseVerdict(places: places)
    }

    /// What a fact about a pin depends on.
    private struct PinKey: Hashable {
        let name: String
        let pin: ModulePin

        init(_ module: PuppetModule) { (name, pin) = (module.name, module.pin) }
    }
}
