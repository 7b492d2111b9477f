import NIOConcurrencyHelpers

/// One caller's request to a connection, as other threads see it: they may ask it to stop.
///
/// A wish to stop belongs to a request and not to the connection; so a late one can never hit the next statement.
final class StatementRequest: Sendable {
    /// Why a statement is stopped before its end.
    enum StopReason {
        case taskCancelled
        case statementCancelled
        case deadline
    }

    private let wish = NIOLockedValueBox<StopReason?>(nil)

    /// Why somebody wants it to stop, if somebody does.
    var stopReason: StopReason? { wish.withLockedValue(\.self) }

    /// Wishes it to stop. The first reason stands.
    func stop(_ reason: StopReason) {
        wish.withLockedValue { if $0 == nil { $0 = reason } }
    }
}

extension StatementRequest.StopReason {
    /// What the caller gets. A cancelled task gets Swift's own error, so that it behaves like any other cancelled task.
    var error: any Error {
        switch self {
        case .taskCancelled: CancellationError()
        case .statementCancelled: PostgresError(.cancelled, "the statement was cancelled")
        case .deadline: PostgresError(.timeout, "the statement did not end before its deadline and was stopped")
        }
    }
}
