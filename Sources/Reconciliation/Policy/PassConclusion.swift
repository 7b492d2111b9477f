import DesiredState
import Diagnostics
import StateStore

/// How a pass came out, before anything is written about it.
enum PassOutcome {
    /// The reconciler returned.
    case finished(ReconcileResult)
    /// The reconciler threw.
    case failed(SluiceError)
    /// The pass was told to stop: something newer came, or somebody asked.
    case cancelled(reason: String)
    /// The controller is stopping.
    case interrupted
    /// The object is to be left alone, or has to wait for another one; its reconciler was not called.
    case held(PassHold)
}

/// Decides what is written at the end of a pass, on every way out. Pure: the same outcome and the same random numbers
/// make the same end.
struct PassConclusion {
    let retry: RetryPolicy
    let randomness: Randomness
    /// How many passes in a row failed before this one.
    let failures: Int
    /// The generation of the object that was looked at.
    let generation: Int64?
    /// After how long the object is looked at although nothing asks for it.
    let resync: Duration?

    func end(after outcome: PassOutcome) -> PassEnd {
        switch outcome {
        case .finished(let result): end(after: result)
        case .failed(let error): end(after: error)
        case .cancelled(let reason):
            // Failures of an older input say nothing about the newer one.
            PassEnd(
                next: .after(.zero), failures: 0,
                report: StatusReport([.init(.reconciling, .true, reason: "Cancelled", message: reason)]))
        case .interrupted: PassEnd(next: .after(.zero), failures: failures)
        case .held(.suspended(let suspension, let left)):
            PassEnd(
                next: left.map { .after($0) } ?? .whenAsked,
                report: StatusReport(waiting: .on("being resumed; it is \(suspension)")))
        case .held(.waiting(let what)):
            PassEnd(
                next: .after(randomness.jittered(PassHold.patience)),
                report: StatusReport(
                    [
                        .init(.ready, .false, reason: "DependencyNotReady", message: "waiting for \(what)"),
                        .init(.reconciling, .true, reason: "DependencyNotReady", message: "waiting for \(what)"),
                        .init(.stalled, .false, reason: "DependencyNotReady", message: "waiting for \(what)"),
                    ], observedGeneration: generation, waiting: .on(what)))
        }
    }

    private func end(after result: ReconcileResult) -> PassEnd {
        var report = StatusReport(statements(of: result), observedGeneration: generation)
        switch result.standing {
        case .ready, .removed: report.waiting = .nothing
        case .waiting(let what): report.waiting = .on(what)
        case .stalled(let change): report.waiting = .on(change)
        case .unfinished: report = StatusReport()
        }
        guard result.standing != .removed else {
            // Nobody looks at what is gone. Where there was nothing to look at, whatever is there by now is somebody's wish.
            report.observedGeneration = generation ?? 0
            return PassEnd(report: report, removesResource: true)
        }
        return PassEnd(next: next(result.lookAgain, in: result.lane), report: report)
    }

    private func end(after error: SluiceError) -> PassEnd {
        let reason = Self.reason(of: error.code)
        let failures = failures + 1
        var report = StatusReport(
            [.init(.ready, .false, reason: reason, message: error.description)], observedGeneration: generation)
        var end = PassEnd(failures: failures)
        switch retry.decide(error, failures: failures, randomness: randomness) {
        case .again(let delay):
            end.next = .after(delay)
            report.statements.append(.init(.reconciling, .true, reason: "Retrying", message: error.description))
            report.statements.append(.init(.stalled, .false, reason: reason, message: error.description))
            report.waiting = .on("attempt \(failures + 1): \(error.description)")
        case .never:
            end.next = next(nil, in: nil)
            report.statements.append(.init(.reconciling, .false, reason: reason, message: error.description))
            report.statements.append(.init(.stalled, .true, reason: reason, message: error.description))
            report.waiting = .on("a change of its input")
        }
        end.report = report
        if error.kind != .conflict {
            end.events = [NewEvent(.warning, reason: reason, message: error.description)]
        }
        return end
    }

    private func next(_ lookAgain: Duration?, in lane: Lane?) -> PassEnd.Next {
        if let lookAgain { return .after(lookAgain, lane: lane) }
        if let resync { return .after(randomness.jittered(resync)) }
        return .whenAsked
    }

    private func statements(of result: ReconcileResult) -> [StatusReport.Statement] {
        let (ready, reconciling, stalled): (Bool, Bool, Bool) =
            switch result.standing {
            case .ready: (true, false, false)
            case .waiting: (false, true, false)
            case .stalled: (false, false, true)
            case .unfinished, .removed: (false, false, false)
            }
        return [(.ready, ready), (.reconciling, reconciling), (.stalled, stalled)].map { type, holds in
            .init(type, holds ? .true : .false, reason: result.reason, message: result.message)
        }
    }

    /// `candidate.changeset-failed` as `CandidateChangesetFailed`: the reason of a condition is one word.
    static func reason(of code: SluiceError.Code) -> String {
        code.rawValue.split { !$0.isLetter && !$0.isNumber }
            .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}
