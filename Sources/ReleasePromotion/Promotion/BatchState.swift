/// How a step of a release stands. The numbers are those that clients of the seed system know; 6 is new.
public enum BatchState: Int, Hashable, Sendable, Codable, CaseIterable {
    /// Nothing was done yet.
    case waiting = 0
    /// Its branches are being merged.
    case releasing = 1
    /// Some branch could not be merged; those that were stay merged.
    case failed = 2
    /// All branches have the release, and it is deployed where that is proved.
    case succeeded = 3
    /// It is being taken back.
    case rollingBack = 4
    /// It could not be taken back from some branch, or from none.
    case rollbackFailed = 5
    /// It was taken back from every branch that had it, and that is deployed where it is proved.
    case rolledBack = 6

    /// The state as a word.
    public var word: String {
        switch self {
        case .waiting: "waiting"
        case .releasing: "releasing"
        case .failed: "failed"
        case .succeeded: "succeeded"
        case .rollingBack: "rolling-back"
        case .rollbackFailed: "rollback-failed"
        case .rolledBack: "rolled-back"
        }
    }
}

/// Something that moves a step from state to state.
public enum BatchEvent: Hashable, Sendable, CaseIterable {
    /// An operator asks for the step, or asks again.
    case releaseAsked
    /// All branches have it, and have it deployed where that is proved.
    case allMerged
    /// Some branch could not be merged, or its deploy is overdue.
    case mergeFailed
    /// An operator asks to take it back, or asks again.
    case rollbackAsked
    /// It is gone from every branch that had it.
    case allReverted
    /// It could not be taken back from some branch.
    case revertFailed
}

extension BatchState {
    /// The state after an event; nil when the event is refused there.
    /// - Parameter hasMerges: Whether any branch of the step has the release. What was never merged is not rolled back.
    public func after(_ event: BatchEvent, hasMerges: Bool) -> BatchState? {
        switch (self, event) {
        case (.waiting, .releaseAsked), (.failed, .releaseAsked): .releasing
        case (.releasing, .allMerged): .succeeded
        case (.releasing, .mergeFailed): .failed
        case (.releasing, .rollbackAsked), (.failed, .rollbackAsked), (.succeeded, .rollbackAsked):
            hasMerges ? .rollingBack : nil
        case (.rollbackFailed, .rollbackAsked): .rollingBack
        case (.rollingBack, .allReverted): .rolledBack
        case (.rollingBack, .revertFailed): .rollbackFailed
        default: nil
        }
    }

    /// Where a step stands by what its branches say.
    /// - Parameter arrivals: How deploys stand on the branches where they are proved.
    public init(
        _ results: [TargetResult], arrivals: [Arrival.Standing] = [], isAsked: Bool, isTakenBack: Bool
    ) {
        let merged = BatchState(merged: results, isAsked: isAsked, isTakenBack: isTakenBack)
        let isOverdue = arrivals.contains { if case .overdue = $0 { true } else { false } }
        let isAwaited = arrivals.contains { if case .awaited = $0 { true } else { false } }
        self =
            switch merged {
            case .succeeded where isOverdue: .failed
            case .succeeded where isAwaited: .releasing
            case .rolledBack where isOverdue: .rollbackFailed
            case .rolledBack where isAwaited: .rollingBack
            default: merged
            }
    }

    /// Where a step stands by what was merged.
    private init(merged results: [TargetResult], isAsked: Bool, isTakenBack: Bool) {
        let reverts = results.filter(\.isAboutRollback)
        let isThere = results.contains { [.merged, .present, .cameBack].contains($0) }
        if isTakenBack, !reverts.isEmpty || isThere {
            self = reverts.contains(where: \.isFailure) ? .rollbackFailed : isThere ? .rollingBack : .rolledBack
            return
        }
        if results.contains(where: \.isFailure) {
            self = .failed
        } else if !results.isEmpty, results.allSatisfy({ $0 == .merged || $0 == .present }) {
            self = .succeeded
        } else {
            self = results.contains(.merged) || isAsked ? .releasing : .waiting
        }
    }
}

/// What became of one branch in a release.
public enum TargetResult: String, Hashable, Sendable, Codable, CaseIterable {
    /// Nothing yet.
    case waiting
    /// It has the release, by a merge of its own.
    case merged
    /// It had the release already, without a merge of its own.
    case present
    /// It could not be merged.
    case failed
    /// The release was taken back.
    case reverted
    /// The release had been undone there before: taking it back changed nothing.
    case empty
    /// The release could not be taken back: something later changed the same lines.
    case conflict
    /// There is no such branch any more.
    case noTarget = "no-target"
    /// It was taken back, and somebody brought it again.
    case cameBack = "came-back"

    /// Whether somebody has to do something.
    public var isFailure: Bool { [.failed, .conflict, .noTarget].contains(self) }
    /// Whether it says how taking back went.
    public var isAboutRollback: Bool { [.reverted, .empty, .conflict, .noTarget, .cameBack].contains(self) }
}

/// How much of taking back a step failed.
public enum RollbackFailure: String, Hashable, Sendable, Codable {
    /// Some branches are as before, some are not.
    case partial
    /// No branch is as before.
    case total

    /// Tells from what the branches say; nil when nothing failed.
    public init?(_ results: [TargetResult]) {
        guard results.contains(where: { $0 == .conflict || $0 == .noTarget }) else { return nil }
        self = results.contains { $0 == .reverted || $0 == .empty } ? .partial : .total
    }
}
