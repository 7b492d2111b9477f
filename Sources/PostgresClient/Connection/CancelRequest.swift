import CLibpq
import Foundation
import NIOConcurrencyHelpers

/// Asks the server to cancel what a session runs.
///
/// `PQcancel` opens a connection of its own and blocks for as long as the network likes, so it has a thread of its own;
/// the session's thread goes on reading. Until ``isDone`` the session must send nothing: the cancel could hit it.
/// Once `PQcancel` has returned the server has delivered the signal, and an idle session ignores it.
final class CancelRequest: Sendable {
    private let done = NIOLockedValueBox(false)

    /// Whether the server has taken the request, or cannot be reached.
    var isDone: Bool { done.withLockedValue(\.self) }

    /// Sends the request; `wake` is signalled when it is done.
    init(for connection: OpaquePointer, wake: WakePipe) {
        nonisolated(unsafe) let cancel = PQgetCancel(connection)
        Thread.detachNewThread { [done] in
            if let cancel {
                withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
                    _ = PQcancel(cancel, message.baseAddress, Int32(message.count))
                }
                PQfreeCancel(cancel)
            }
            done.withLockedValue { $0 = true }
            wake.signal()
        }
    }
}
