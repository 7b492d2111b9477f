import Diagnostics
import Subprocess
import SystemPackage

/// A child process that runs until it is stopped, such as a database server.
///
/// It is stopped by ``stop(signal:grace:)``, or when the last reference to it goes away. It is not stopped when our own
/// process is killed: a child that must not survive that has to watch for it itself (`setpriv --pdeathsig`).
public final class RunningChild: Sendable {
    /// The process id of the child, which is also the id of its process group.
    public let processIdentifier: Int32

    private let supervision: Task<ChildStatus, any Error>
    private let commands: AsyncStream<Command>.Continuation

    /// What a running child is told.
    enum Command: Sendable {
        case signal(Int32)
        case stop(signal: Int32, grace: Duration)
    }

    init(
        processIdentifier: Int32, supervision: Task<ChildStatus, any Error>,
        commands: AsyncStream<Command>.Continuation
    ) {
        self.processIdentifier = processIdentifier
        self.supervision = supervision
        self.commands = commands
    }

    deinit { supervision.cancel() }

    /// Waits for the child's own end.
    ///
    /// A cancelled waiter stops waiting with `CancellationError`; the child runs on.
    /// - Throws: ``ChildError`` when the child could not be followed.
    public func waitForExit() async throws -> ChildStatus {
        let (ended, continuation) = AsyncStream<Void>.makeStream()
        let watch = Task { [supervision] in
            _ = await supervision.result
            continuation.finish()
        }
        defer { watch.cancel() }
        for await _ in ended {}
        try Task.checkCancellation()
        return try await supervision.value
    }

    /// Sends a signal to the child alone, not to its group. Does nothing when it has ended.
    public func send(signal: Int32) { commands.yield(.signal(signal)) }

    /// Asks the child to end by `signal`, kills it when it takes longer than `grace`, and waits for its end.
    ///
    /// May be called several times and at the same time; a child that has ended already is no error.
    /// - Throws: ``ChildError`` when the child could not be followed.
    @discardableResult
    public func stop(signal: Int32 = 15, grace: Duration = .seconds(10)) async throws -> ChildStatus {
        commands.yield(.stop(signal: signal, grace: grace))
        return try await supervision.value
    }
}
