public import StateStore

/// How many candidates were sent to which server, of all registries: from the statuses of candidates, which say so before
/// there is a database.
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
}
