import CandidateDatabases
import DesiredState
import Diagnostics
import Doctor
import Foundation
import PostgresClient
import StateStore

extension Examination {
    func stateStore() async throws -> StateStoreObservation {
        let before = Date()
        let seen = try await store.inspect()
        let lead = Self.lead(of: seen.time, askedAt: before)
        let schema = try await store.schemaStatus()
        return StateStoreObservation(
            version: seen.version, clock: lead, missingChanges: schema.pending,
            newerSchema: schema.version > schema.program ? schema.version : nil, role: seen.role,
            isSuperuser: seen.isSuperuser, isPrivate: configuration.stateDatabase == nil,
            ownsAuditLog: seen.ownsAuditLog, mayChangeAuditLog: seen.mayChangeAuditLog, mayWrite: seen.mayWrite)
    }

    /// What the controller itself says of its objects.
    func objects() async throws -> ObjectsObservation {
        let census = try await store.resources.census()
        let template = GateKey.baseTemplateKind
        let stalled = try await store.resources.stalled(first: template, limit: 20)
        return ObjectsObservation(
            readyTemplates: census.filter { $0.kind == template && $0.standing == "ready" }.reduce(0) { $0 + $1.count },
            count: census.reduce(0) { $0 + $1.count },
            stalledCount: census.filter { $0.standing == "stalled" }.reduce(0) { $0 + $1.count },
            stalled: stalled.map { object in
                let condition = object.conditions[.stalled]
                return .init(
                    object.key.description, reason: condition?.reason ?? "", message: condition?.message ?? "",
                    isTemplate: object.key.kind == template)
            })
    }

    func objectFindings(by deadline: ContinuousClock.Instant) async -> [Finding] {
        switch await observed(by: deadline, { try await self.objects() }) {
        case .success(let seen): seen.findings
        case .failure(let error): [.failed("objects.standing", error, fix: "see the controller's log")]
        }
    }

    func serverFindings(_ state: StateInForce, by deadline: ContinuousClock.Instant) async -> [Finding] {
        await withTaskGroup(of: (String, [Finding], Structures).self) { group in
            for (name, spec) in state.servers {
                let registries = state.registries.filter { $0.value.server == name || $0.value.servers.contains(name) }
                    .sorted { $0.key < $1.key }
                group.addTask {
                    let seen = await self.observed(by: deadline) { try await self.server(name, spec, registries) }
                    return (
                        name, CandidateServerObservation.findings(name, seen.map(\.observation)),
                        (try? seen.get().structures) ?? [:]
                    )
                }
            }
            var found: [String: [Finding]] = [:]
            var structures: [String: Structures] = [:]
            for await (name, findings, references) in group {
                found[name] = findings
                for (registry, structure) in references { structures[registry, default: [:]][name] = structure }
            }
            let compared = state.registries.filter { $0.value.isSpread }.sorted { $0.key < $1.key }
                .flatMap { name, spec in
                    ReferenceStructures(
                        registry: name, database: spec.referenceDatabase, own: spec.server,
                        structures: structures[name] ?? [:]
                    ).findings
                }
            return found.sorted { $0.key < $1.key }.flatMap(\.value) + compared
        }
    }

    /// Digests of reference databases, by registry or by server.
    private typealias Structures = [String: Result<String, SluiceError>]

    private func server(
        _ name: String, _ spec: DatabaseServerSpec, _ registries: [(key: String, value: RegistrySpec)]
    ) async throws -> (observation: CandidateServerObservation, structures: Structures) {
        let server = try await servers.unclaimed(name, spec)
        let before = Date()
        let seen = try await server.suitability()
        var references: [CandidateServerObservation.Reference] = []
        var structures: Structures = [:]
        for (registry, spec) in registries {
            let template = try await server.template(spec.referenceDatabase)
            references.append(
                .init(
                    registry: registry, database: spec.referenceDatabase, exists: template != nil,
                    mayBeCloned: template?.mayBeCloned ?? false, sessions: template?.sessions ?? 0))
            if template != nil, spec.isSpread {
                structures[registry] = await Self.structure(of: spec.referenceDatabase, on: server)
            }
        }
        let cloned = Set(registries.map(\.value.referenceDatabase))
        let isSuperuser = seen.privileges.isSuperuser
        let observation = CandidateServerObservation(
            version: seen.version, clock: Self.lead(of: seen.time, askedAt: before), role: seen.privileges.role,
            isSuperuser: isSuperuser,
            missingRights: ServerRights(seen.privileges, version: seen.version).missing.map {
                .init($0.right, statement: $0.statement)
            },
            openDatabases: seen.openDatabases.filter { !cloned.contains($0) },
            preparedTransactions: seen.preparedTransactions, connections: seen.connections,
            deploys: spec.maxConcurrentDeploys,
            // A superuser bounds each deploy's own.
            boundsTemporaryFiles: isSuperuser || seen.boundsTemporaryFiles, references: references,
            claimedByOthers: try await servers.otherClaim(on: server, spec))
        return (observation, structures)
    }

    /// The digest of what a reference database holds.
    private static func structure(
        of database: String, on server: PostgresServer
    ) async -> Result<String, SluiceError> {
        do {
            let connection = try await PostgresConnection.open(server.pool.configuration.with(database: database))
            let structure: Result<String, SluiceError>
            do {
                structure = .success(try await ReferenceFingerprint.read(connection, deadline: .seconds(10)))
            } catch {
                structure = .failure(SluiceError(wrapping: error))
            }
            await connection.close()
            return structure
        } catch {
            return .failure(SluiceError(wrapping: error))
        }
    }

    /// How far a clock is ahead of ours that was read somewhere between a time and now.
    private static func lead(of time: TimeInterval, askedAt before: Date) -> Duration {
        let (start, end) = (before.timeIntervalSince1970, Date().timeIntervalSince1970)
        if time < start { return .seconds(time - start) }
        return .seconds(max(0, time - end))
    }
}

extension RegistrySpec {
    /// Whether there is more than one server that its reference database has to be on.
    fileprivate var isSpread: Bool { Set(servers + [server]).count > 1 }
}
