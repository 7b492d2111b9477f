public import GitClient

/// What a walk would do to one branch.
public struct BranchRehearsal: Hashable, Sendable {
    /// How it came out.
    public enum Outcome: Hashable, Sendable {
        /// There is no such branch.
        case missing
        /// It was not tried: what it would get is not known until an earlier branch has it.
        case unknown(until: String)
        /// It was tried.
        case tried(Trial)
    }

    /// A merge that was tried.
    public struct Trial: Hashable, Sendable {
        /// What it would do.
        public var verdict: RehearsalVerdict
        /// Where the branch stands.
        public var head: ObjectID
        /// The commit that would be merged into it: one that a branch stood at, or that a step before would make.
        public var source: ObjectID
        /// The tree that the branch would have; nil for a conflict.
        public var result: ObjectID?
        /// Other releases that come along with the source.
        public var passengers: [ReleaseName]
        /// What the merge conflicts in.
        public var conflicts: [MergeConflict]
        /// The files that would change on the branch, ordered by path.
        public var changes: [FileChange]
        /// The pins that would change; nil when nobody can read them.
        public var pins: [PinChange]?

        /// Makes what was tried.
        public init(
            verdict: RehearsalVerdict, head: ObjectID, source: ObjectID, result: ObjectID?,
            passengers: [ReleaseName] = [], conflicts: [MergeConflict] = [], changes: [FileChange] = [],
            pins: [PinChange]? = nil
        ) {
            self.verdict = verdict
            self.head = head
            self.source = source
            self.result = result
            self.passengers = passengers
            self.conflicts = conflicts
            self.changes = changes
            self.pins = pins
        }
    }

    /// The branch.
    public let branch: String
    /// How it came out.
    public let outcome: Outcome

    /// Makes what came of a branch.
    public init(branch: String, outcome: Outcome) {
        self.branch = branch
        self.outcome = outcome
    }

    /// What was tried; nil when nothing was.
    public var trial: Trial? { if case .tried(let trial) = outcome { trial } else { nil } }
    /// The verdict; nil when nothing was tried.
    public var verdict: RehearsalVerdict? { trial?.verdict }
}

/// A module that another version would be pinned of.
public struct PinChange: Hashable, Sendable {
    /// The module.
    public let module: String
    /// What is pinned now; nil when the module is new.
    public let old: String?
    /// What would be pinned; nil when the module goes.
    public let new: String?

    /// Makes a change of a pin.
    public init(module: String, old: String?, new: String?) {
        self.module = module
        self.old = old
        self.new = new
    }
}

extension PinChange {
    /// What differs between two lists of pins, by module.
    public static func between(_ old: [String: String], _ new: [String: String]) -> [PinChange] {
        Set(old.keys).union(new.keys).sorted().compactMap { module in
            old[module] == new[module] ? nil : PinChange(module: module, old: old[module], new: new[module])
        }
    }
}
