import ControlAPI
import DesiredState
import Diagnostics
import Logging
import StateStore
import Telemetry

/// The page of metrics: what was counted, and what is read at the moment.
actor ScrapedMetrics: MetricsPage {
    private let metrics: ControllerMetrics
    private let shared: SharedReadings
    private let own: OwnReadings
    private let worker: String
    private let logger: Logger
    /// Up to which task verdicts were taken in; nil before the first look. What lies before it another process measured.
    private var seenTask: Int64?
    /// Verdicts that were taken in and lie after that: quicker ones overtake slow ones, which are planned first and end later.
    private var overtaking: Set<Int64> = []

    init(_ metrics: ControllerMetrics, shared: SharedReadings, own: OwnReadings, worker: String, logger: Logger) {
        self.metrics = metrics
        self.shared = shared
        self.own = own
        self.worker = worker
        self.logger = logger
    }

    func metrics() async -> (type: String, content: String) {
        var readings = await own.read()
        do {
            readings += try await shared.read()
            try await takeVerdicts()
            readings.append(MetricReading(.storeUp, [], 1))
        } catch {
            logger.debug("not all metrics can be read", metadata: ["error": "\(SluiceError(wrapping: error))"])
            readings.append(MetricReading(.storeUp, [], 0))
        }
        return (Exposition.mediaType, Exposition.text(metrics.registry, readings: readings))
    }

    /// Verdicts are measured by the history, which knows when a revision was first looked at; each replica its own.
    private func takeVerdicts() async throws {
        let store = shared.store
        guard let seen = seenTask else {
            seenTask = try await store.history.newestTask()
            return
        }
        let open = try await store.history.oldestOpen("verdict.report", by: worker, after: seen)
        let found = try await store.history.completions(of: "verdict.report", by: worker, after: seen)
        // Another scrape may have been faster.
        guard seenTask == seen, let newest = found.last?.task else { return }
        for verdict in found where overtaking.insert(verdict.task).inserted {
            let registry = verdict.key.name.words(at: "/").first.map(String.init) ?? verdict.key.name
            metrics.registry.observe(verdict.duration, in: .timeToVerdict, [registry])
        }
        let settled = min(newest, open.map { $0 - 1 } ?? newest)
        seenTask = max(seen, settled)
        overtaking = overtaking.filter { $0 > settled }
    }
}
