import DesiredState
public import StateStore

/// What is remembered for deciding where a candidate goes.
///
/// How many were sent to which server, of all registries, is in the statuses of candidates, which say so before there is a
/// database; what reference databases must be like, in the status of the registry.
public struct RecordedPlaces: Sendable {
    private let resources: ResourceTable

    /// Reads from the controller's store.
    public init(store: StateStore) { resources = store.resources }

    /// The number of candidates by server.
    func counts() async throws -> [String: Int] {
        try await resources.tally(kind: GateKey.candidateKind, by: "server").reduce(into: [:]) { counts, row in
            counts[row.word, default: 0] += row.count
        }
    }

    /// The structure of a registry's reference database on its own server, as the last sweep saw it; nil when none did.
    func reference(of registry: String, _ spec: RegistrySpec) async throws -> String? {
        let status = try await resources.get(GateKey.registry(registry))?.status
        guard let recorded = try? status?["reference"]?.decode(as: RecordedReference.self),
            recorded.server == spec.server, recorded.database == spec.referenceDatabase
        else { return nil }
        return recorded.structure
    }
}

/// A reference database as a sweep saw it.
struct RecordedReference: Hashable, Sendable, Codable {
    var server: String
    var database: String
    /// Its fingerprint.
    var structure: String
}
