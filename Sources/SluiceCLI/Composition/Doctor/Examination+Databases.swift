import CandidateDatabases
import DesiredState
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
        await withTaskGroup(of: (String, [Finding]).self) { group in
            for (name, spec) in state.servers {
                let registries = state.registries.filter { $0.value.server == name || $0.value.servers.contains(name) }
                    .sorted { $0.key < $1.key }
                group.addTask {
                    let seen = await self.observed(by: deadline) { try await self.server(name, spec, registries) }
                    return (name, CandidateServerObservation.findings(name, seen))
                }
            }
            var found: [String: [Finding]] = [:]
            for await (name, findings) in group { found[name] = findings }
            return found.sorted { $0.key < $1.key }.flatMap(\.value)
        }
    }

    private func server(
        _ name: String, _ spec: DatabaseServerSpec, _ registries: [(key: String, value: RegistrySpec)]
    ) async throws -> CandidateServerObservation {
        let server = try await servers.unclaimed(name, spec)
        let before = Date()
        let seen = try await server.suitability()
        var references: [CandidateServerObservation.Reference] = []
        for (registry, spec) in registries {
            let template = try await server.template(spec.referenceDatabase)
            references.append(
                .init(
                    registry: registry, database: spec.referenceDatabase, exists: template != nil,
                    mayBeCloned: template?.mayBeCloned ?? false, sessions: template?.sessions ?? 0))
        }
        let cloned = Set(registries.map(\.value.referenceDatabase))
        let isSuperuser = seen.privileges.isSuperuser
        return CandidateServerObservation(
            version: seen.version, clock: Self.lead(of: seen.time, askedAt: before), role: seen.privileges.role,
            isSuperuser: isSuperuser, mayCreateDatabases: seen.privileges.mayCreateDatabases,
            mayCreateRoles: seen.privileges.mayCreateRoles, maySignal: seen.maySignal,
            openDatabases: seen.openDatabases.filter { !cloned.contains($0) },
            preparedTransactions: seen.preparedTransactions, connections: seen.connections,
            deploys: spec.maxConcurrentDeploys,
            // A superuser bounds each deploy's own.
            boundsTemporaryFiles: isSuperuser || seen.boundsTemporaryFiles, references: references,
            claimedByOthers: try await servers.otherClaim(on: server, spec))
    }

    /// How far a clock is ahead of ours that was read somewhere between a time and now.
    private static func lead(of time: TimeInterval, askedAt before: Date) -> Duration {
        let (start, end) = (before.timeIntervalSince1970, Date().timeIntervalSince1970)
        if time < start { return .seconds(time - start) }
        return .seconds(max(0, time - end))
    }
}
