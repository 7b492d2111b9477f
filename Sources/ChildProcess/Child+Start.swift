import Diagnostics
import Subprocess
import SystemPackage

/// Where a long-running child prints.
public enum ChildOutput: Hashable, Sendable {
    /// Nowhere.
    case discarded
    /// Standard output and standard error are appended to this file, which is made with mode 0600 if need be.
    case appended(toFile: String)
}

extension Child {
    /// Starts the child and returns once it runs. ``outputLimit`` and ``deadline`` do not apply.
    ///
    /// - Throws: ``ChildError`` when it could not be started. That the program itself fails soon afterwards is seen by
    ///   ``RunningChild/waitForExit()``.
    public func start(output: ChildOutput = .discarded) async throws -> RunningChild {
        try Task.checkCancellation()
        let configuration = try configuration()
        let (commands, commander) = AsyncStream<RunningChild.Command>.makeStream()
        let (starts, starter) = AsyncThrowingStream<Int32, any Error>.makeStream()
        let input = try openInput()
        let printed = try open(output, or: input)
        let supervision = Task {
            do {
                let result = try await Subprocess.run(
                    configuration, input: .fileDescriptor(input, closeAfterSpawningProcess: true),
                    output: .fileDescriptor(printed, closeAfterSpawningProcess: true), error: .combinedWithOutput
                ) { execution in
                    starter.yield(execution.processIdentifier.value)
                    await obey(commands, commander, execution)
                }
                return ChildStatus(result.terminationStatus)
            } catch let error as SubprocessError {
                let failure = ChildError(error, self)
                starter.finish(throwing: failure)
                throw failure
            }
        }
        for try await processIdentifier in starts {
            return RunningChild(processIdentifier: processIdentifier, supervision: supervision, commands: commander)
        }
        supervision.cancel()
        throw CancellationError()
    }

    private func obey(
        _ commands: AsyncStream<RunningChild.Command>, _ commander: AsyncStream<RunningChild.Command>.Continuation,
        _ execution: Execution<FileDescriptorInput, FileDescriptorOutput, CombinedErrorOutput>
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await execution.waitForExit(atMost: .seconds(Self.forEver), then: terminationLadder)
                execution.killGroup()
                commander.finish()
            }
            for await command in commands {
                switch command {
                case .signal(let number): try? execution.send(signal: Signal(rawValue: number))
                case .stop(let number, let grace):
                    group.addTask {
                        await execution.teardown(
                            using: [.send(signal: Signal(rawValue: number), allowedDurationToNextStep: grace)])
                    }
                }
            }
        }
    }

    /// A hundred years, in seconds: longer than any child lives and short enough to be counted in nanoseconds.
    private static let forEver = 3_155_760_000

    private func open(_ output: ChildOutput, or input: FileDescriptor) throws(ChildError) -> FileDescriptor {
        do {
            switch output {
            case .discarded: return try FileDescriptor.open("/dev/null", .writeOnly)
            case .appended(let path):
                return try FileDescriptor.open(
                    FilePath(path), .writeOnly, options: [.append, .create, .closeOnExec],
                    permissions: .ownerReadWrite)
            }
        } catch {
            try? input.close()
            throw ChildError(.notStarted, self, detail: "its output: \(error)")
        }
    }
}
