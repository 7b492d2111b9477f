import AccessControl
import DesiredState
import Foundation
import NIOConcurrencyHelpers
import Webhooks

/// Writes down what people do and are refused.
///
/// What is done is written down before it begins and once more with what came of it: nothing happens that the log does not
/// know of. Refusals may come in floods; beyond a rate only their number is kept, and whoever proves nothing cannot use up the
/// room of those who do.
struct AuditTrail: Sendable {
    private struct State {
        /// By who it is, or by the address of who proved nothing.
        var buckets: [String: TokenBucket] = [:]
        var everybody = TokenBucket(rate: 20, burst: 500)
        var strangers = TokenBucket(rate: 0.5, burst: 100)
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

    /// How many sources of refusals are told apart.
    private static let mostSources = 2_000

    /// A request that is about to be carried out.
    struct Attempt: Sendable {
        fileprivate let entry: AuditEntry
    }

    /// Writes down that something begins.
    func begin(_ call: Call, _ route: Route, _ question: RouteAccess.Question?, request: String) async throws -> Attempt
    {
        let caller = call.caller
        var entry = AuditEntry(
            actor: caller.subject.name, proof: caller.subject.proof, credential: caller.subject.credential,
            onBehalfOf: call.onBehalfOf, address: caller.address, action: route.operation, verb: question?.verb,
            object: question?.object, arguments: route.audited(call), outcome: .begun, request: request,
            attempt: UUID().uuidString.lowercased())
        // A flood may have come to its end: whoever comes next tells of it.
        try await append(entry, suppressed: takeSuppressed())
        entry.suppressed = 0
        return Attempt(entry: entry)
    }

    /// Writes down what came of it, also for a caller who has gone: an attempt without an outcome means that the process died.
    func end(_ attempt: Attempt, _ failure: CallFailure?) async throws {
        var entry = attempt.entry
        entry.outcome = failure.map { $0.isRefusal ? .refused : .failed } ?? .done
        entry.code = failure?.code
        let ended = entry
        try await Task { try await sink.append(ended) }.value
    }

    /// Writes down a refusal.
    func refuse(
        _ failure: CallFailure, _ caller: Caller?, address: String?, _ route: Route?, _ question: RouteAccess.Question?,
        _ arguments: JSONValue, request: String
    ) async throws {
        guard hasRoom(for: caller?.subject, address) else { return }
        try await append(
            AuditEntry(
                actor: caller?.subject.name ?? Subject.anonymous().name, proof: caller?.subject.proof ?? .none,
                credential: caller?.subject.credential, address: address, action: route?.operation ?? "unknown",
                verb: question?.verb, object: question?.object, arguments: arguments, outcome: .refused,
                code: failure.code, request: request), suppressed: takeSuppressed())
    }

    /// Whether one more refusal of somebody's is written down. If not, it is counted.
    private func hasRoom(for subject: Subject?, _ address: String?) -> Bool {
        let time = Duration.seconds(now().timeIntervalSince(start))
        let isStranger = subject.map { $0.proof == .none } ?? true
        let source = isStranger ? "from \(address ?? "")" : "by \(subject?.name ?? "")"
        return state.withLockedValue { state in
            if state.buckets.count >= Self.mostSources { state.buckets = [:] }
            let own = isStranger ? TokenBucket(rate: 0.2, burst: 20) : TokenBucket(rate: 5, burst: 100)
            let hasRoom =
                state.buckets[source, default: own].take(now: time) == nil
                && (isStranger ? state.strangers.take(now: time) : state.everybody.take(now: time)) == nil
            if !hasRoom { state.suppressed += 1 }
            return hasRoom
        }
    }

    private func takeSuppressed() -> Int {
        state.withLockedValue { state in
            defer { state.suppressed = 0 }
            return state.suppressed
        }
    }

    private func append(_ entry: AuditEntry, suppressed: Int) async throws {
        var entry = entry
        entry.suppressed = suppressed
        do {
            try await sink.append(entry)
        } catch {
            state.withLockedValue { $0.suppressed += suppressed + (entry.outcome == .refused ? 1 : 0) }
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

    /// What the log says of a call: the path's parameters; of the query and of the body what the route names, each by itself,
    /// so that none can stand in the place of what was carried out.
    func audited(_ call: Call) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for (name, values) in call.parameters { members[name] = .string(values.joined(separator: "/")) }
        let known = Set(self.query.map(\.name))
        let query = call.query.filter { known.contains($0.name) }
        if !query.isEmpty {
            members["query"] = .object(Dictionary(query.map { ($0.name, .string($0.value)) }) { first, _ in first })
        }
        if case .object(let body) = auditedBody(call), !body.isEmpty { members["body"] = .object(body) }
        return .object(members)
    }
}
