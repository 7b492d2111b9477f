public import DesiredState
import Diagnostics
import Logging
import NIOConcurrencyHelpers
public import StateStore

/// One pass over one key: the lease under which it acts, and where it says what it does.
public struct ReconcileContext: Sendable {
    /// What the pass has to say at its end, gathered on the way.
    struct Draft {
        var status: JSONValue?
        var events: [NewEvent] = []
    }

    /// The controller's memory, for objects that are made on behalf of this one.
    public let store: StateStore
    /// The right to work on the key.
    public let lease: Lease
    /// The object as it was stored at the start; nil when none of the key is.
    public let resource: StoredResource?
    let life: Life
    let logger: Logger
    var report: @Sendable (EngineEvent) -> Void = { _ in }
    let draft = NIOLockedValueBox(Draft())

    /// Sets the object's status, the kind's own words. It is written at the end of the pass, however that comes.
    public func setStatus(_ status: JSONValue) { draft.withLockedValue { $0.status = status } }

    /// Sets the object's status and writes it at once, for those who watch a long pass. That it cannot be written is no reason
    /// to stop what is under way: it is written at the end of the pass in any case.
    /// - Throws: When the pass has no right to go on: its lease is lost, it was cancelled, or its process is dead.
    ///   With `isNeeded`, also when it cannot be written.
    public func publish(status: JSONValue, isNeeded: Bool = false) async throws {
        setStatus(status)
        try life.check()
        do {
            try await store.resources.write(StatusReport(status: status), under: lease)
        } catch let error where error is SimulatedCrash || error is CancellationError {
            throw error
        } catch let error as StateStoreError where error.isLeaseLost {
            throw error
        } catch {
            if isNeeded { throw error }
            logger.debug("the status could not be shown in between: \(SluiceError(wrapping: error))")
        }
    }

    /// Notes an event on the object. It is written at the end of the pass, however that comes.
    public func note(_ severity: Event.Severity, reason: String, _ message: String) {
        draft.withLockedValue { $0.events.append(NewEvent(severity, reason: reason, message: message)) }
    }

    /// Says which revision the pass is about, so that a newer one can cancel it. ``carryOut(_:revision:_:)`` does it by itself.
    public func declare(revision: String) async throws {
        try life.check()
        try await store.queue.declare(revision: revision, under: lease)
    }

    /// Asks for another key to be looked at.
    @discardableResult
    public func enqueue(_ request: EnqueueRequest) async throws -> WorkTicket {
        try life.check()
        return try await store.queue.enqueue(request)
    }

    /// Gets to a failpoint of the domain's own.
    public func reach(_ point: String) async throws { try await life.reach(point) }
}

extension StateStoreError {
    /// Whether another worker has the key.
    fileprivate var isLeaseLost: Bool { if case .leaseLost = self { true } else { false } }
}
