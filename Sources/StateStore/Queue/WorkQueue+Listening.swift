public import DesiredState
import PostgresClient

/// What the queue tells whoever listens. A hint, which may be lost: look at the queue to know.
public enum QueueNotification: Hashable, Sendable {
    /// A key of a lane may be ready to run.
    case wake(Lane)
    /// The work under a fence is to stop.
    case cancel(fence: Int64)
    /// A pass over a key has come to an end.
    case ended(ResourceKey)
}

extension WorkQueue {
    /// Listens, on a connection of its own, until the task is cancelled or the connection breaks, which throws.
    ///
    /// - Parameters:
    ///   - ready: Called once, when nothing that is notified from then on is missed. Look at the queue then.
    ///   - receive: Called with each notification.
    public func listen(ready: () async throws -> Void, receive: (QueueNotification) async -> Void) async throws {
        let connection = try await PostgresConnection.open(pool.configuration)
        do {
            let notifications = try await connection.notifications(
                on: [Self.wakeChannel, Self.cancelChannel, Self.endChannel])
            try await ready()
            for try await notification in notifications {
                if let hint = QueueNotification(notification) { await receive(hint) }
            }
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
        try Task.checkCancellation()
    }
}

extension QueueNotification {
    /// Nil for what this version does not understand.
    fileprivate init?(_ notification: PostgresNotification) {
        let payload = notification.payload
        switch notification.channel {
        case WorkQueue.wakeChannel:
            guard let lane = Lane(rawValue: payload) else { return nil }
            self = .wake(lane)
        case WorkQueue.cancelChannel:
            guard let fence = Int64(payload) else { return nil }
            self = .cancel(fence: fence)
        case WorkQueue.endChannel:
            guard let key = ResourceKey(payload) else { return nil }
            self = .ended(key)
        default: return nil
        }
    }
}
