import CandidateDatabases
import DesiredState
import OutboundHTTP
import PostgresClient
import StateStore
import Telemetry

/// What is read of the state store when somebody asks: the same on every replica.
struct SharedReadings: Sendable {
    let store: StateStore

    func read() async throws -> [MetricReading] {
        var readings: [MetricReading] = []
        for (lane, states) in try await store.queue.census() {
            readings += states.map { MetricReading(.workItems, [lane.rawValue, $0.key.rawValue], Double($0.value)) }
        }
        let ages = try await store.queue.oldestDue()
        readings += Lane.allCases.map {
            MetricReading(.oldestDue, [$0.rawValue], ages[$0, default: .zero] / .seconds(1))
        }
        readings += try await store.resources.census().map {
            MetricReading(.objects, [$0.kind, $0.standing], Double($0.count))
        }
        readings += try await store.resources.tally(kind: GateKey.candidateKind, by: "state").map {
            MetricReading(.candidates, [$0.owner, $0.word], Double($0.count))
        }
        readings += try await store.resources.list(kind: ResourceKind.controlRepository.rawValue).map {
            MetricReading(.drift, [$0.key.name], Double($0.status["drifted"]?.array?.count ?? 0))
        }
        readings += try await store.notices.backlog().flatMap {
            [
                MetricReading(.noticesWaiting, [$0.channel], Double($0.count)),
                MetricReading(.oldestNotice, [$0.channel], $0.oldest / .seconds(1)),
            ]
        }
        let backlog = try await store.deliveries.backlog()
        return readings + [
            MetricReading(.deliveriesWaiting, [], Double(backlog.count)),
            MetricReading(.oldestDelivery, [], backlog.oldest / .seconds(1)),
        ]
    }
}

/// What is read of the process itself.
struct OwnReadings: Sendable {
    let store: StateStore
    let client: OutboundClient

    func read() async -> [MetricReading] {
        let connections = store.pool.counts
        let hosts = await client.reports().flatMap { host in
            [MetricReading(.hostsWaiting, [host.origin], (host.waiting ?? .zero) / .seconds(1))]
                + (host.rateLimit.flatMap(\.remaining).map { [MetricReading(.rateLimit, [host.origin], Double($0))] }
                    ?? [])
        }
        return [
            MetricReading(.build, [Version.text], 1),
            MetricReading(.connections, ["open"], Double(connections.open)),
            MetricReading(.connections, ["idle"], Double(connections.idle)),
            MetricReading(.connectionWaiters, [], Double(connections.waiting)),
        ] + hosts + ProcessReadings.now()
    }
}
