public import DesiredState
import GitClient
import Puppetfile

/// Checks a release: its source, and everything that its merges would give, branch by branch.
///
/// What is wrong with a branch already does not hold a release up; what the release would bring does.
public struct ReleaseChecks: Sendable {
    private let trees: TreeChecker
    private let mirrors: @Sendable (ControlRepositorySpec) -> (any ModuleMirrors)?

    /// Makes checks.
    ///
    /// - Parameters:
    ///   - trees: What checks content, and remembers what it has checked.
    ///   - mirrors: The repositories of the modules that a control repository names; nil where pins are not looked up.
    public init(
        _ trees: TreeChecker,
        mirrors: @escaping @Sendable (ControlRepositorySpec) -> (any ModuleMirrors)? = { _ in nil }
    ) {
        self.trees = trees
        self.mirrors = mirrors
    }

    /// What has to be read while the merges are tried.
    func contents(of seen: ReleaseObservation, in trial: Speculation) throws -> ReleaseContents {
        try ReleaseContents(of: seen, in: trial) { trees.knows($0, checks: seen.rules.checks) }
    }

    /// Checks.
    /// - Throws: `sandbox.workspace-unusable`, `CancellationError`.
    func verdict(on contents: ReleaseContents, rules: ControlRepositorySpec) async throws -> ReleaseVerdict {
        var places: [ReleaseVerdict.Place] = []
        var facts: [PinKey: PinFact] = [:]
        for place in contents.places {
            guard let report = try await report(on: place.tree, contents, rules) else {
                places.append(.init(branch: place.branch, tree: place.tree, unchecked: [Self.later]))
                continue
            }
            let before =
                if let tree = place.before, tree != place.tree { try await self.report(on: tree, contents, rules) } else
                {
                    nil as TreeReport?
                }
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

    private func report(
        on tree: ObjectID, _ contents: ReleaseContents, _ rules: ControlRepositorySpec
    ) async throws -> TreeReport? {
        do {
            return try await trees.report(on: tree, checks: rules.checks) {
                if let refusal = contents.refusals[tree] { throw refusal }
                guard let files = contents.contents[tree] else { throw Unread() }
                return files
            }
        } catch is Unread {
            return nil
        }
    }

    /// What a fact about a pin depends on.
    private struct PinKey: Hashable {
        let name: String
        let pin: ModulePin

        init(_ module: PuppetModule) { (name, pin) = (module.name, module.pin) }
    }

    /// The files of a tree were not read this time.
    private struct Unread: Error {}

    private static let later = TreeReport.Unchecked(
        .puppetfile, "too much was new at a time; it is checked the next time")
}
