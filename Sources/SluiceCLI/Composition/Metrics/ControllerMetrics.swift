import ControlAPI
import DesiredState
import Foundation
import NIOConcurrencyHelpers
import OutboundHTTP
import Reconciliation
import StateStore
import Telemetry

/// What the process counts, gathered from those to whom it happens.
struct ControllerMetrics: Sendable {
    let registry = MetricRegistry()
    private let begun = NIOLockedValueBox<[Int64: ContinuousClock.Instant]>([:])

    /// Takes in what happens in the engine.
    func take(_ event: EngineEvent) {
        switch event {
        case .claimed(let lease): begun.withLockedValue { $0[lease.fence] = .now }
        case .ended(let lease, let end):
            if let start = begun.withLockedValue({ $0.removeValue(forKey: lease.fence) }) {
                registry.observe(.now - start, in: .passDuration, [lease.key.kind, end.word])
            }
        case .lost(let lease):
            begun.withLockedValue { _ = $0.removeValue(forKey: lease.fence) }
            registry.add(to: .leasesLost)
        case .carriedOut(_, let action, let outcome): registry.add(to: .effects, [action, outcome.word])
        case .recovered(let keys): registry.add(Double(keys.count), to: .takenOver)
        case .troubled: registry.add(to: .troubles)
        case .listening, .stopping, .idle: break
        }
    }

    /// Takes in a request to a host outside.
    func take(_ exchange: OutboundExchange) {
        let status = exchange.status.map { "\($0)" } ?? exchange.error ?? "cancelled"
        registry.add(to: .outbound, [exchange.origin, status])
        registry.observe(exchange.duration, in: .outboundDuration, [exchange.origin])
    }

    /// Takes in a request to the interface.
    func take(_ request: AnsweredRequest) {
        registry.add(to: .inbound, [request.route, request.method, "\(request.status)"])
        registry.observe(request.duration, in: .inboundDuration, [request.route])
    }
}

extension PassEnd {
    /// How the pass ended, in a word.
    fileprivate var word: String {
        if failures > 0 { return "failed" }
        if removesResource { return "removed" }
        let isStalled = report.statements.contains { $0.type == .stalled && $0.status == .true }
        if isStalled { return "stalled" }
        return report.statements.contains { $0.type == .ready && $0.status == .true } ? "ready" : "unfinished"
    }
}

extension TaskOutcome {
    /// How the action came out, in a word.
    fileprivate var word: String {
        switch self {
        case .done: "done"
        case .notNeeded: "not-needed"
        case .failed: "failed"
        }
    }
}
