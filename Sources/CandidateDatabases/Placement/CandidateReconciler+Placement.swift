import DesiredState
import Diagnostics
import Forges
import PostgresClient

/// The server of a candidate.
struct CandidatePlace: Sendable {
    /// The registry there.
    let registry: GateRegistry
    /// Whether the candidate is there to stay; otherwise no server takes it now, and this is only one of them.
    let isDecided: Bool
    /// Why the servers take no new candidate, where it is not decided.
    var refusals: [String] = []
    /// How many candidates of the registry are on other servers, where that counts.
    var candidatesElsewhere = 0
}

extension CandidateReconciler {
    /// Where a candidate is, or goes; nil when its registry is not desired.
    ///
    /// Where there is one server, or the place is remembered, no other is asked.
    func place(of id: String, in name: String, before: CandidateStatus?) async throws -> CandidatePlace? {
        guard let servers = try await directory.servers(of: name) else { return nil }
        let remembered = before?.server.flatMap { servers.contains($0) ? $0 : nil }
        guard let first = servers.first else {
            throw SluiceError(
                "registry.incomplete", .stalled, "no server of candidates of \(name) is desired any more",
                hint: "sluice validate shows what is missing")
        }
        let isThere = remembered != nil && before?.database != nil
        if isThere || servers.count == 1 {
            guard let registry = try await directory.registry(named: name, on: remembered ?? first) else { return nil }
            // The registry's own server is as it should be, and takes everybody unless it is drained.
            if isThere || registry.remoteServer == nil && !registry.serverSpec.drain {
                return CandidatePlace(registry: registry, isDecided: true)
            }
        }
        return try await survey(servers, id, name, remembered)
    }

    private func survey(
        _ servers: [String], _ id: String, _ name: String, _ remembered: String?
    ) async throws -> CandidatePlace? {
        let candidate = try CandidateID(id)
        let recorded = try await places.counts()
        var registries: [String: GateRegistry] = [:]
        var candidates: [String: Set<CandidateID>] = [:]
        var references: [String: String] = [:]
        var standings: [Placement.Standing] = []
        var failures: [String: any Error] = [:]
        for server in servers {
            var standing = Placement.Standing(server)
            do {
                guard let registry = try await directory.registry(named: name, on: server) else { continue }
                let census = try await registry.databases.census()
                references[server] = try await fingerprints.fingerprint(for: registry)
                registries[server] = registry
                candidates[server] = Set(census.mine.values.compactMap { $0.provenance?.candidateID })
                standing.holdsCandidate = candidates[server]?.contains(candidate) ?? false
                standing.candidates = max(
                    census.candidates, (recorded[server] ?? 0) - (server == remembered ? 1 : 0))
                standing.capacity = registry.serverSpec.maxDatabases
                standing.isDrained = registry.serverSpec.drain
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                standing.trouble = .unreachable
                failures[server] = error
            }
            standings.append(standing)
        }
        guard let spec = registries.values.first?.spec else {
            // Any is waited for when none can be reached.
            if let failure = servers.compactMap({ failures[$0] }).first { throw failure }
            return nil
        }
        let standard = try await standard(of: name, spec, references)
        for (index, standing) in standings.enumerated() where standing.trouble == nil {
            // Another structure would give another verdict.
            guard let standard else {
                standings[index].trouble = .unknownReference
                continue
            }
            if references[standing.name] != standard { standings[index].trouble = .otherReference }
        }
        let decided: String? =
            switch Placement.decide(recorded: remembered, standings) {
            case .stays(let server), .goes(let server): server
            case .waits: nil
            }
        guard let server = decided ?? servers.first(where: { registries[$0] != nil }), let registry = registries[server]
        else {
            // A place that cannot be reached is waited for.
            if let failure = decided.flatMap({ failures[$0] }) { throw failure }
            return nil
        }
        let others = candidates.filter { $0.key != server }.values.reduce(into: Set<CandidateID>()) { $0.formUnion($1) }
        return CandidatePlace(
            registry: registry, isDecided: decided != nil,
            refusals: decided == nil
                ? standings.compactMap {
                    $0.refusal(own: spec.server, failure: failures[$0.name].map { SluiceError(wrapping: $0).message })
                } : [],
            candidatesElsewhere: others.subtracting([candidate]).count)
    }

    /// The structure that reference databases must have: that on the registry's own server, also while it is away.
    /// - Parameter seen: The structures on the servers where candidates may be, as far as they can be reached.
    /// - Returns: Nil while nobody has seen it.
    private func standard(
        of name: String, _ spec: RegistrySpec, _ seen: [String: String]
    ) async throws -> String? {
        if let own = seen[spec.server] { return own }
        if !spec.servers.contains(spec.server) {
            do {
                if let own = try await directory.registry(named: name) {
                    return try await fingerprints.fingerprint(for: own)
                }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // What the last sweep saw counts.
            }
        }
        return try await places.reference(of: name, spec)
    }

    /// The servers on which there may be something of a candidate that is gone: its own, and others that can be reached.
    func placesOfGone(
        _ registry: GateRegistry
    ) async throws -> [(place: GateRegistry, census: CandidateServer.Census)] {
        var places = [(place: registry, census: try await registry.databases.census())]
        let servers = Set(try await directory.servers(of: registry.name) ?? []).union([registry.spec.server])
        for server in servers.subtracting([registry.serverName]).sorted() {
            do {
                guard let place = try await directory.registry(named: registry.name, on: server) else { continue }
                places.append((place, try await place.databases.census()))
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // What is there is found by a later sweep.
            }
        }
        return places
    }
}
