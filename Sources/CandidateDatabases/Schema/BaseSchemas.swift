public import DatabaseSchema
import DesiredState
import Diagnostics
public import PostgresClient

/// The schemas of base templates, as they were read when the templates were made: what candidates are compared with.
///
/// It is a memory and no more. What is not in it is read again, from a clone, as nobody can connect to a sealed template.
public actor BaseSchemas {
    private struct Memory {
        let snapshot: SchemaSnapshot
        var lastUse: Int
    }

    private let maximumObjects: Int
    private var memories: [String: Memory] = [:]
    private var readings: [String: Task<SchemaSnapshot?, any Error>] = [:]
    private var uses = 0

    /// Makes an empty memory for at most so many objects of schemas; of many templates the longest unused is forgotten.
    public init(maximumObjects: Int = 100_000) { self.maximumObjects = maximumObjects }

    /// The schema of a template, when it is known.
    func known(_ template: String) -> SchemaSnapshot? {
        uses += 1
        memories[template]?.lastUse = uses
        return memories[template]?.snapshot
    }

    /// Keeps the schema of a template, whose name tells its content.
    func remember(_ snapshot: SchemaSnapshot, of template: String) {
        uses += 1
        memories[template] = Memory(snapshot: snapshot, lastUse: uses)
        var total = memories.values.reduce(0) { $0 + $1.snapshot.objects.count }
        while total > maximumObjects, memories.count > 1,
            let oldest = memories.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            total -= oldest.value.snapshot.objects.count
            memories[oldest.key] = nil
        }
    }

    /// What the database that a session is connected to has and its base has not, and the other way round.
    ///
    /// - Parameters:
    ///   - provenance: what the database says of itself.
    ///   - registry: its registry.
    /// - Returns: nil when its base is not known and its template gone.
    public func difference(
        of provenance: Provenance, in registry: GateRegistry, readBy connection: PostgresConnection
    ) async throws -> SchemaDifference? {
        guard let template = provenance.template, let base = try await schema(of: template, in: registry) else {
            return nil
        }
        let present = try await SchemaSnapshot.read(from: connection, registry.schemaReading)
        return SchemaDifference(from: base, to: present)
    }

    /// The schema of a template; two who ask at once wait for one reading.
    private func schema(of template: String, in registry: GateRegistry) async throws -> SchemaSnapshot? {
        if let known = known(template) { return known }
        let reading =
            readings[template]
            ?? Task { try await registry.databases.schema(ofTemplate: template, registry.schemaReading) }
        readings[template] = reading
        let result = await reading.result
        readings[template] = nil
        let snapshot = try result.get()
        if let snapshot { remember(snapshot, of: template) }
        return snapshot
    }
}

extension GateRegistry {
    /// What is read of a schema that strangers made: without the books, and not more than there is room for.
    var schemaReading: SchemaReadingOptions {
        SchemaReadingOptions(
            excludedTables: [spec.database.changelogTable, spec.database.lockTable], maximumObjects: 50_000,
            maximumBytes: 16 << 20, maximumBodyBytes: 16 << 10, deadline: .seconds(10))
    }
}

extension CandidateServer {
    /// Reads the schema of a sealed template from a clone that is dropped again; nil when there is no such template.
    func schema(ofTemplate template: String, _ options: SchemaReadingOptions) async throws -> SchemaSnapshot? {
        let clone = names.schemaCopy()
        do {
            try await server.createDatabase(clone, template: template, retryWhileTemplateBusy: .seconds(10))
        } catch let error as PostgresError where error.hasState("3D000") {
            return nil
        }
        let result: Result<SchemaSnapshot, any Error>
        do {
            let snapshot = try await withAdministrator(on: clone) { try await SchemaSnapshot.read(from: $0, options) }
            result = .success(snapshot)
        } catch {
            result = .failure(error)
        }
        // In a task of its own: the present one may be cancelled. What a crash leaves is swept as an orphan.
        try await Task { try await drop(clone) }.value
        return try result.get()
    }
}
