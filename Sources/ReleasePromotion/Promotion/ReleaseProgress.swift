import DesiredState
import Diagnostics
import GitClient
import Reconciliation

/// What those who watch a release see while a pass is at work: each branch as it comes, not all of them at the end.
actor ReleaseProgress {
    private var status: ReleaseStatus
    private var isWriting = false
    private var isStale = false
    private let generation: Int64?
    private var written: ContinuousClock.Instant?

    /// Begins with what was seen before the first action. What events are still to tell of is not in it: they are written at
    /// the end of the pass, and a death before that must not make them known.
    /// - Parameters:
    ///   - merges: What is going to be merged. Whoever takes over compares it with what the branches hold then.
    ///   - generation: The version of the spec that is carried out.
    init(_ status: ReleaseStatus, merging merges: [BranchMerge], since before: ReleaseStatus?, generation: Int64?) {
        var shown = status
        let begun = (shown.begun ?? []) + merges.map { BegunMerge($0) }
        shown.begun = begun.isEmpty ? nil : begun
        shown.words = before?.words
        let told = before?.arrivals ?? [:]
        for step in shown.steps.indices {
            for target in shown.steps[step].targets.indices {
                let one = shown.steps[step].targets[target]
                let isNews = one.arrival?.deployed != nil && told[one.branch]?.expected != one.arrival?.expected
                if isNews { shown.steps[step].targets[target].arrival = nil }
            }
        }
        self.status = shown
        self.generation = generation
    }

    /// Shows how an action ended, unless it has nothing to do with a branch of the walk.
    func record(_ action: ReleaseAction, _ outcome: TaskOutcome, in context: ReconcileContext) async throws {
        guard status.record(action, outcome) else { return }
        // Whoever takes over knows what was refused, and does not try it again unasked.
        if case .failed = outcome { status.stoppedAt = generation }
        try await show(in: context)
    }

    /// Writes what is going to be merged, before anything is.
    /// - Throws: When it cannot be written: then nobody would know what to look for.
    func begin(in context: ReconcileContext) async throws {
        written = .now
        try await context.publish(status: try JSONValue(encoding: status), isNeeded: true)
    }

    /// Writes the status. While it is being written, others only say that there is something newer.
    func show(in context: ReconcileContext) async throws {
        isStale = true
        guard !isWriting else { return }
        // A status of hundreds of branches is large.
        let isLarge = status.steps.reduce(0) { $0 + $1.targets.count } > 50
        if isLarge, let written, .now - written < .seconds(1) { return }
        isWriting = true
        defer { isWriting = false }
        while isStale {
            isStale = false
            written = .now
            try await context.publish(status: try JSONValue(encoding: status))
        }
    }
}

extension ReleaseStatus {
    /// Takes in how an action ended. That a whole step is through is said only after its branches were looked at again.
    /// - Returns: Whether it says anything about a branch of the walk.
    @discardableResult
    mutating func record(_ action: ReleaseAction, _ outcome: TaskOutcome) -> Bool {
        guard case .merge(let merge) = action, let place = place(of: merge.target) else { return false }
        var step = steps[place.step]
        var target = step.targets[place.target]
        switch outcome {
        case .failed(let error) where error.kind == .stalled:
            target.failure = error.description
            if merge.kind == .promo { target.result = .failed }
            step.state = merge.kind == .promo ? .failed : .rollbackFailed
        case .failed: return false
        case .done, .notNeeded:
            target.failure = nil
            switch merge.kind {
            case .promo: target.result = .merged
            case .revert: target.result = .reverted
            case .sync: break
            }
            let isFailed =
                [.failed, .rollbackFailed].contains(step.state) && step.targets.contains { $0.failure != nil }
            if !isFailed { step.state = merge.kind == .promo ? .releasing : .rollingBack }
        }
        step.word = step.state.word
        step.targets[place.target] = target
        step.rollbackFailure =
            step.state == .rollbackFailed
            ? RollbackFailure(step.targets.map { $0.counted(isTakenBack: true) }) : nil
        steps[place.step] = step
        return true
    }

    private func place(of branch: String) -> (step: Int, target: Int)? {
        for (index, step) in steps.enumerated() {
            if let target = step.targets.firstIndex(where: { $0.branch == branch }) { return (index, target) }
        }
        return nil
    }
}
