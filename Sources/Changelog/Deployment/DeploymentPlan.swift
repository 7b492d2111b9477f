public import Diagnostics

/// What an update will do, changeset by changeset: decided from the changelog and the books alone.
public struct DeploymentPlan: Sendable {
    /// What happens to a changeset.
    public enum Action: Sendable, Hashable {
        /// It runs for the first time.
        case run
        /// It runs again, and its row is renewed.
        case rerun
        /// It is noted as if it had run: it is not valid, and its author wants no error for that.
        case markRan
        /// Its row carries the checksum of an older version, or none, and gets today's.
        case upgradeChecksum
        /// Nothing: it has run.
        case skip
    }

    /// A changeset and what happens to it.
    public struct Step: Sendable {
        /// The changeset.
        public let prepared: PreparedChangeSet
        /// What happens to it.
        public let action: Action
        /// Its row in the books; nil when it has none.
        public let entry: BookEntry?

        /// Whether it will run, run again or be noted.
        public var isPending: Bool { [.run, .rerun, .markRan].contains(action) }
    }

    /// Why an update must not begin.
    public struct Refusal: Sendable, Hashable {
        /// The changeset that was changed after it ran.
        public let identity: ChangeSet.Identity
        /// Where it stands.
        public let location: SourceLocation
        /// The checksum in the books.
        public let recorded: Checksum
        /// The checksum of the changeset as it is now.
        public let current: Checksum
    }

    /// All changesets in run order.
    public let steps: [Step]
    /// Why it must not begin; empty when it may.
    public let refusals: [Refusal]

    /// Decides.
    public init(_ changelog: PreparedChangelog, books: Books) {
        var steps: [Step] = []
        var refusals: [Refusal] = []
        for prepared in changelog.changeSets {
            guard let entry = books[prepared.identity] else {
                steps.append(Step(prepared: prepared, action: prepared.isInvalid ? .markRan : .run, entry: nil))
                continue
            }
            let action = Self.action(prepared, entry)
            if let action {
                steps.append(Step(prepared: prepared, action: action, entry: entry))
            } else if let recorded = entry.checksum {
                refusals.append(
                    Refusal(
                        identity: prepared.identity, location: prepared.changeSet.location, recorded: recorded,
                        current: prepared.checksum(Self.version(of: recorded))))
            }
        }
        self.steps = steps
        self.refusals = refusals
    }

    /// The changesets that will run, run again or be noted.
    public var pending: [Step] { steps.filter(\.isPending) }

    /// Throws when the update must not begin.
    ///
    /// - Throws: `SluiceError` `changelog.checksum-mismatch`, naming each changeset with file, line and both sums.
    public func requireAccepted() throws {
        guard let first = refusals.first else { return }
        let all = refusals.map { "\($0.location): \($0.identity) was \($0.recorded), is now \($0.current)" }
        let more = refusals.count > 1 ? " (and \(refusals.count - 1) more changesets)" : ""
        throw SluiceError(
            "changelog.checksum-mismatch", .stalled,
            """
            changeset \(first.identity) was changed after it had been deployed: its checksum was \(first.recorded) \
            and is now \(first.current)\(more)
            """, hint: "leave deployed changesets as they are and add a new one", at: first.location,
            detail: all.joined(separator: "\n"))
    }

    /// What happens to a changeset that is in the books; nil when its checksum is not accepted.
    private static func action(_ prepared: PreparedChangeSet, _ entry: BookEntry) -> Action? {
        let changeSet = prepared.changeSet
        let isCurrent = entry.checksum.map { prepared.checksum(version(of: $0)).digest == $0.digest }
        if changeSet.runAlways { return .rerun }
        if changeSet.runOnChange, isCurrent == false { return .rerun }
        if isCurrent ?? true || isAccepted(prepared, entry) {
            guard let recorded = entry.checksum else { return .upgradeChecksum }
            return recorded.version < Checksum.Version.v9.rawValue ? .upgradeChecksum : .skip
        }
        return nil
    }

    private static func isAccepted(_ prepared: PreparedChangeSet, _ entry: BookEntry) -> Bool {
        guard let recorded = entry.checksum else { return true }
        return prepared.changeSet.validCheckSums.contains { text in
            if ["any", "all", "*", "1:any", "1:all", "1:*"].contains(text.trimmingSpace.lowercased()) { return true }
            let valid = Checksum(text.trimmingSpace)
            return valid == recorded || valid == prepared.checksum(version(of: recorded))
        }
    }

    private static func version(of checksum: Checksum) -> Checksum.Version {
        checksum.version >= Checksum.Version.v9.rawValue ? .v9 : .v8
    }
}
