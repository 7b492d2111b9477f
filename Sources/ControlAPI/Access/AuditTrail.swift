import AccessControl
import DesiredState
import Foundation
import NIOConcurrencyHelpers
import Webhooks

/// Writes down what people do and are refused.
///
/// What is done is written down before it begins and once more with what came of it: nothing happens that the log does not
/// know of. Refusals may come in floods; beyond a rate only their number is kept.
struct AuditTrail: Sendable {
    private struct State {
        var bucket = TokenBucket(rate: 20, burst: 500)
        var suppressed = 0
    }

    private let sink: any AuditSink
    private let start: Date
    private let now: @Sendable () -> Date
    private let state = NIOLockedValueBox(State())

    init(_ sink: any AuditSink, now: @escaping @Sendable () -> Date) {
        self.sink = sink
        self.now = now
        start = now()
    }

    /// A request that is about to be carried out.
    struct Attempt: Sendable {
        fileprivate let entry: AuditEntry
    }

    /// Writes down that something begins.
    func begin(_ call: Call, _ route: Route, _ question: RouteAccess.Question?, request: String) async throws -> Attempt
    {
        let caller = call.caller
        let entry = AuditEntry(
            actor: caller.subject.name, proof: caller.subject.proof, onBehalfOf: call.onBehalfOf,
            address: caller.address, action: route.operation, verb: question?.verb, object: question?.object,
            arguments: route.audited(call), outcome: .begun, request: request)
        try await sink.append(entry)
        return Attempt(entry: entry)
    }

    /// Writes down what came of it.
    func end(_ attempt: Attempt, _ failure: CallFailure?) async throws {
        var entry = attempt.entry
        entry.outcome = failure.map { $0.isRefusal ? .refused : .failed } ?? .done
        entry.code = failure?.code
        try await sink.append(entry)
    }

    /// Writes down a refusal.
    func refuse(
        _ failure: CallFailure, _ caller: Caller?, address: String?, _ route: Route?, _ question: RouteAccess.Question?,
        _ arguments: JSONValue, request: String
    ) async throws {
        let time = Duration.seconds(now().timeIntervalSince(start))
        let suppressed: Int? = state.withLockedValue { state in
            guard state.bucket.take(now: time) == nil else {
                state.suppressed += 1
                return nil
            }
            defer { state.suppressed = 0 }
            return state.suppressed
        }
        guard let suppressed else { return }
        do {
            try await sink.append(
                AuditEntry(
                    actor: caller?.subject.name ?? "anonymous", proof: caller?.subject.proof ?? .none,
                    address: address, action: route?.operation ?? "unknown", verb: question?.verb,
                    object: question?.object, arguments: arguments, outcome: .refused, code: failure.code,
                    request: request, suppressed: suppressed))
        } catch {
            state.withLockedValue { $0.suppressed += suppressed + 1 }
            throw error
        }
    }
}

extension CallFailure {
    /// Whether it says that somebody may not.
    var isRefusal: Bool {
        [.unauthorized, .forbidden].contains(status) || code == CallFailure.hidden.code
    }
}

extension Route {
    /// Whether something is done, that the log has to know of. Webhooks are kept as they came.
    var isAudited: Bool {
        guard method != .get else { return false }
        switch surface {
        case .hooks, .webhooks, .health: return false
        case .versions, .control, .transactions, .tracking: return true
        }
    }

    /// What the log says of a call: the path's parameters, the query, and of the body what the route names.
    func audited(_ call: Call) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for (name, values) in call.parameters { members[name] = .string(values.joined(separator: "/")) }
        for (name, value) in call.query { members[name] = .string(value) }
        if case .object(let more) = auditedBody(call) { members.merge(more) { own, _ in own } }
        return .object(members)
    }
}
