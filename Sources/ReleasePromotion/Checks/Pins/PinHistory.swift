public import DesiredState
import Diagnostics
import GitClient
import NIOConcurrencyHelpers

/// What lies between two pins of a module.
public struct PinCommits: Hashable, Sendable {
    /// How many commits come.
    public var added: Int
    /// How many commits go: the new pin is older, or on another line.
    public var removed: Int
    /// The newest of those that come, or else of those that go: the commit's beginning and its subject.
    public var newest: [String]

    /// Makes what lies between.
    public init(added: Int, removed: Int, newest: [String]) {
        self.added = added
        self.removed = removed
        self.newest = newest
    }

    /// How many commits are listed.
    public static let shown = 50
}

/// Tells what commits lie between the pins that a release changes, where the modules' own repositories can be asked.
public struct PinHistory: Sendable {
    private let mirrors: @Sendable (ControlRepositorySpec) -> (any ModuleMirrors)?
    private let known = NIOLockedValueBox(Memory<PinChange, PinCommits>(limit: 1_000))

    /// Makes it.
    /// - Parameter mirrors: The repositories of the modules that a control repository names; nil where none can be asked.
    public init(mirrors: @escaping @Sendable (ControlRepositorySpec) -> (any ModuleMirrors)?) { self.mirrors = mirrors }

    /// What lies between the pins of changes, each looked up once however many branches make it. Changes of which nothing
    /// can be told are left out.
    /// - Throws: `CancellationError` only: a repository that cannot be asked tells nothing.
    func commits(
        between changes: some Sequence<PinChange>, rules: ControlRepositorySpec
    ) async throws -> [PinChange: PinCommits] {
        guard let mirrors = mirrors(rules) else { return [:] }
        var found: [PinChange: PinCommits] = [:]
        for change in Set(changes).sorted(by: { $0.module < $1.module }).prefix(Self.most) {
            try Task.checkCancellation()
            guard let old = change.old, let new = change.new else { continue }
            if let known = known.withLockedValue({ $0[change] }) {
                found[change] = known
                continue
            }
            guard let mirror = try? await mirrors.mirror(ofModule: change.module),
                let commits = try? await mirror.commits(between: old, and: new)
            else { continue }
            found[change] = commits
            // Between whole commits there is always the same.
            if ObjectID(exactly: old) != nil, ObjectID(exactly: new) != nil {
                known.withLockedValue { $0.keep(commits, for: change) }
            }
        }
        return found
    }

    /// How many changes are looked at: a release that pins more anew is read in its Puppetfile.
    static let most = 40
}

extension GitMirror {
    /// What lies between two pins, as ``PinChange`` has them; nil when one of them names no commit here.
    func commits(between old: String, and new: String) throws -> PinCommits? {
        guard let old = try commit(pinned: old), let new = try commit(pinned: new) else { return nil }
        return try speculate { trial in
            let (added, removed) = try trial.aheadBehind(new, old)
            let (from, to) = added > 0 ? (old, new) : (new, old)
            guard max(added, removed) <= Self.mostCommits else {
                return PinCommits(added: added, removed: removed, newest: [])
            }
            let newest = try trial.commits(through: to, hiding: [from], limit: Self.mostCommits).prefix(
                PinCommits.shown)
            let scrubber = TextScrubber(limit: 160)
            return PinCommits(
                added: added, removed: removed,
                newest: newest.map { "\($0.id.hex.prefix(8)) \(scrubber.scrub($0.subject))" })
        }
    }

    /// The commit that a pin names in words; nil for what names none.
    private func commit(pinned words: String) throws -> ObjectID? {
        if let id = ObjectID(exactly: words) { return try contains(id) ? try peeled(id) : nil }
        let places = [
            ("tag ", ["refs/tags/"]), ("branch ", ["refs/heads/"]), ("default branch ", ["refs/heads/"]),
            ("ref ", ["refs/heads/", "refs/tags/"]),
        ]
        for (word, prefixes) in places where words.utf8.starts(with: word.utf8) {
            let name = String(decoding: words.utf8.dropFirst(word.utf8.count), as: UTF8.self)
            for prefix in prefixes {
                guard let reference = try? RefName(prefix + name), let id = try resolve(reference) else { continue }
                return try peeled(id)
            }
        }
        return nil
    }

    private static let mostCommits = 10_000
}
