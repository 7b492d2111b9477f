import DesiredState
import Diagnostics
import PostgresClient

/// The fingerprints of the registries' reference databases, read at most once an interval each.
///
/// Reading one takes a connection to the reference and a look at its whole catalog; a change of it is found by the next
/// sweep that finds the memory older than the registry's interval.
public actor ReferenceFingerprints {
    private struct Memory {
        var fingerprint: String
        var readAt: ContinuousClock.Instant
    }

    private var memories: [String: Memory] = [:]
    private let clock = ContinuousClock()

    /// Makes an empty memory.
    public init() {}

    /// The fingerprint of a registry's reference database.
    ///
    /// - Throws: `registry.reference-missing` when there is no such database; `PostgresError`.
    public func fingerprint(for registry: GateRegistry) async throws -> String {
        let name = Self.name(registry)
        if let memory = memories[name], clock.now - memory.readAt < registry.spec.interval { return memory.fingerprint }
        let fingerprint = try await Self.read(registry)
        memories[name] = Memory(fingerprint: fingerprint, readAt: clock.now)
        return fingerprint
    }

    /// Has the fingerprint of a registry's reference read anew the next time.
    func forget(_ registry: GateRegistry) {
        memories[Self.name(registry)] = nil
    }

    private static func name(_ registry: GateRegistry) -> String {
        "\(registry.name)\0\(registry.serverName)\0\(registry.spec.referenceDatabase)"
    }

    private static func read(_ registry: GateRegistry) async throws -> String {
        let name = registry.spec.referenceDatabase
        // Looked up first: a refused connection does not say why in a form that a program can read.
        guard try await registry.server.database(name) != nil else {
            throw SluiceError(
                "registry.reference-missing", .stalled,
                "the reference database \(name) does not exist on the server \(registry.serverName)",
                hint: "create it, or name another one in spec.referenceDatabase")
        }
        return try await registry.databases.withAdministrator(on: name) {
            try await ReferenceFingerprint.read($0, deadline: .seconds(60))
        }
    }
}
