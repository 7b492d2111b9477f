import CandidateDatabases
import ControlAPI
import DatabaseSchema
import Diagnostics
import GitClient
import PostgresClient
import StateStore

/// What candidates change, read live from their databases.
struct GateSchemaChanges: SchemaChangesProvider {
    let gates: GateDirectory
    let schemas: BaseSchemas
    let store: StateStore

    func schemaChanges(of candidate: String, registry: String) async throws -> SchemaChanges? {
        let own = try await gates.require(registry)
        guard try await own.openCandidate(candidate) != nil else { return nil }
        let gate = try await gates.place(of: try await store.candidateStatus(candidate, of: own.name), in: own)
        let name = gate.names.published(candidate)
        guard let provenance = try await gate.provenance(of: name), provenance.candidate == candidate else {
            throw SluiceError(
                "candidate.not-comparable", .conflict, "the candidate has no database yet",
                hint: "sluice get candidates shows how it stands")
        }
        let difference = try await gate.withReader(on: name) { connection in
            try await schemas.difference(of: provenance, in: gate, readBy: connection)
        }
        guard let difference else {
            throw SluiceError(
                "candidate.not-comparable", .conflict, "the base that the candidate's database was made of is gone",
                hint: "the candidate's status has a summary of what it changes")
        }
        return SchemaChanges(revision: provenance.revision.hex, base: provenance.base.hex, difference: difference)
    }
}
