import Diagnostics
import Subprocess

extension Child {
    /// Starts the child, waits for its end and returns what it printed.
    ///
    /// When this returns or throws, every process of the child's group has been killed, unless ``leftovers`` says
    /// otherwise and the child ended by itself. Cancelling the task stops the child.
    /// - Throws: `CancellationError` when the task was cancelled; ``ChildError`` when the child could not be started,
    ///   outlived its deadline or printed too much. An exit code other than 0 is not thrown.
    public func run() async throws -> ChildResult {
        try Task.checkCancellation()
        let configuration = try configuration()
        let input = try openInput()
        do {
            let result = try await Subprocess.run(
                configuration, input: .fileDescriptor(input, closeAfterSpawningProcess: true), output: .sequence,
                error: .sequence
            ) { execution in
                await ChildSupervision(child: self).follow(execution)
            }
            try Task.checkCancellation()
            let outcome = result.closureResult
            if let failure = outcome.failure { throw failure }
            return ChildResult(
                status: ChildStatus(result.terminationStatus), standardOutput: outcome.standardOutput,
                standardError: outcome.standardError)
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw ChildError(error, self)
        }
    }
}

extension ChildStatus {
    init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code): self = .exited(code)
        case .signaled(let signal): self = .signalled(signal)
        }
    }
}

extension ChildError {
    init(_ error: SubprocessError, _ child: Child) {
        let kind: Kind =
            switch error.code {
            case .executableNotFound: .executableNotFound
            case .spawnFailed, .failedToChangeWorkingDirectory: .notStarted
            default: .supervisionFailed
            }
        // The library's own text may repeat the environment: only its code and the system's error number go on.
        let cause = error.underlyingError.map { ": \($0)" } ?? ""
        self.init(kind, child, detail: "\(error.code)\(cause)")
    }
}
