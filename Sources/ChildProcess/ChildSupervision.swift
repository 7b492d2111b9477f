import Glibc
import Subprocess

/// Follows one running child: collects what it prints, keeps it within its limits, and clears its group at the end.
struct ChildSupervision: Sendable {
    typealias Running = Execution<FileDescriptorInput, SequenceOutput, SequenceOutput>

    let child: Child

    /// What supervision saw.
    struct Outcome: Sendable {
        var standardOutput: [UInt8] = []
        var standardError: [UInt8] = []
        var failure: ChildError?
    }

    private enum Event: Sendable {
        case standardOutput(Collected)
        case standardError(Collected)
        case exited(late: Bool)
    }

    private enum Collected: Sendable {
        case all([UInt8])
        case tooMuch
        case failed(String)
    }

    /// Returns when the child has ended and both its outputs have been read to the end.
    func follow(_ execution: Running) async -> Outcome {
        await withTaskGroup(of: Event.self) { group in
            group.addTask { .standardOutput(await collect(execution.standardOutput)) }
            group.addTask { .standardError(await collect(execution.standardError)) }
            group.addTask { .exited(late: await waitForExit(of: execution)) }
            var outcome = Outcome()
            for await event in group {
                switch event {
                case .standardOutput(.all(let bytes)): outcome.standardOutput = bytes
                case .standardError(.all(let bytes)): outcome.standardError = bytes
                case .standardOutput(.tooMuch), .standardError(.tooMuch):
                    outcome.failure = outcome.failure ?? ChildError(.outputLimitExceeded, child)
                    await execution.teardown(using: child.terminationLadder)
                case .standardOutput(.failed(let detail)), .standardError(.failed(let detail)):
                    outcome.failure = outcome.failure ?? ChildError(.supervisionFailed, child, detail: detail)
                    await execution.teardown(using: child.terminationLadder)
                case .exited(let late):
                    if late { outcome.failure = outcome.failure ?? ChildError(.deadlineExceeded, child) }
                }
            }
            return outcome
        }
    }

    private func collect(_ output: SubprocessOutputSequence) async -> Collected {
        var bytes: [UInt8] = []
        do {
            for try await buffer in output {
                guard bytes.count + buffer.count <= child.outputLimit else { return .tooMuch }
                buffer.withUnsafeBytes { bytes.append(contentsOf: $0) }
            }
            return .all(bytes)
        } catch {
            return .failed(String(describing: error))
        }
    }

    /// Waits for the end of the child, enforces the deadline, and says whether that was needed.
    private func waitForExit(of execution: Running) async -> Bool {
        let end = ContinuousClock.now + child.deadline
        await execution.waitForExit(atMost: child.deadline, then: child.terminationLadder)
        let late = ContinuousClock.now >= end
        if late || Task.isCancelled || child.leftovers == .killed { execution.killGroup() }
        return late
    }
}

extension Execution {
    /// Waits until the child has ended. After `duration` the `ladder` is applied, and `SIGKILL` at its end.
    ///
    /// Signal 0 is none at all: as the first step of a teardown it makes a wait that ends at once with the child.
    func waitForExit(atMost duration: Duration, then ladder: [TeardownStep]) async {
        await teardown(using: [.send(signal: Signal(rawValue: 0), allowedDurationToNextStep: duration)] + ladder)
    }

    /// Kills what the ended child left behind in its process group.
    ///
    /// Only to be called before the child is reaped, that is inside of the `run` closure: until then no other process
    /// can have its number.
    func killGroup() {
        let leader = processIdentifier.value
        if leader > 1 { _ = kill(-leader, SIGKILL) }
    }
}
