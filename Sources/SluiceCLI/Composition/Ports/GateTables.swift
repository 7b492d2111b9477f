import CandidateDatabases
import ControlAPI
import DesiredState
import Diagnostics
import Forges
import Foundation
import GitClient
import PostgresClient
import StateStore

/// The tables of candidates and of master, read live from their databases.
struct GateTables: TablesProvider {
    let gates: GateDirectory
    let store: StateStore

    private static let deadline = Duration.seconds(10)

    init(gates: GateDirectory, store: StateStore) {
        self.gates = gates
        self.store = store
    }

    func tables(of version: VersionReference, registry: String?) async throws -> VersionTables<[TableSummary]>? {
        try await read(version, registry) { try await $0.tables($1, deadline: Self.deadline) }
    }

    func table(
        _ name: String, of version: VersionReference, registry: String?
    ) async throws -> VersionTables<TableInfo>? {
        let found = try await read(version, registry) { try await $0.table(name, $1, deadline: Self.deadline) }
        return found.map { VersionTables(state: $0.state, revision: $0.revision, content: $0.content ?? nil) }
    }

    private typealias Question<Content> = @Sendable (TableCatalog, PostgresConnection) async throws -> Content

    private func read<Content: Sendable>(
        _ version: VersionReference, _ registry: String?, _ question: Question<Content>
    ) async throws -> VersionTables<Content>? {
        let gate = try await gates.require(registry)
        do {
            return try await read(version, of: gate, question)
        } catch let error as PostgresError where error.kind == .connectionLost {
            // A database that is replaced ends the sessions of its readers; the one in its place can be read at once.
            return try await read(version, of: gate, question)
        }
    }

    private func read<Content: Sendable>(
        _ version: VersionReference, of gate: GateRegistry, _ question: Question<Content>
    ) async throws -> VersionTables<Content>? {
        switch version {
        case .candidate(let id): try await readCandidate(id, gate, question)
        case .master: try await readMaster(gate, question)
        }
    }

    private func readCandidate<Content: Sendable>(
        _ id: String, _ gate: GateRegistry, _ question: Question<Content>
    ) async throws -> VersionTables<Content>? {
        guard let candidate = try await gate.openCandidate(id) else { return nil }
        let status = try await store.candidateStatus(id, of: gate.name)
        let state = DatabaseState(status?.revision == candidate.revision ? status?.state : nil)
        let name = gate.names.published(id)
        let gate = try await gates.place(of: status, in: gate)
        guard let provenance = try await gate.provenance(of: name), provenance.candidate == id else {
            return VersionTables(state: Self.withoutDatabase(state, gate), revision: nil, content: nil)
        }
        let content = try await gate.withReader(on: name) { connection in
            try await question(TableCatalog(layout: gate.spec.database), connection)
        }
        return VersionTables(state: state, revision: provenance.revision.hex, content: content)
    }

    /// How a candidate stands whose database is not there, whatever was noted of it: the next pass builds it anew, if
    /// passes may.
    private static func withoutDatabase(_ noted: DatabaseState, _ gate: GateRegistry) -> DatabaseState {
        if noted == .failed { return noted }
        return gate.spec.suspension(at: Date()) == nil ? .building : .absent
    }

    /// Master's tables are read from the database that the sweep keeps of its head.
    private func readMaster<Content: Sendable>(
        _ gate: GateRegistry, _ question: Question<Content>
    ) async throws -> VersionTables<Content>? {
        guard let head = try await gate.forge.branchHead(project: try gate.project, branch: try gate.branch) else {
            return VersionTables(state: .absent, revision: nil, content: nil)
        }
        let failure = try await store.baseTemplateStatus(head, of: gate.name)?.failure
        guard let provenance = try await gate.provenance(of: gate.names.master), provenance.role == .master else {
            return VersionTables(state: failure == nil ? .building : .failed, revision: nil, content: nil)
        }
        let content = try await gate.withReader(on: gate.names.master) { connection in
            try await question(TableCatalog(layout: gate.spec.database), connection)
        }
        let state: DatabaseState = provenance.revision == head ? .ready : failure == nil ? .building : .failed
        return VersionTables(state: state, revision: provenance.revision.hex, content: content)
    }
}

extension GateRegistry {
    /// How a database is read. What is in it was made by strangers: the reader's role may do nothing but read, and with
    /// only the system's own schema on the search path no function of theirs is called in place of one of PostgreSQL's.
    fileprivate func reading(_ name: String) -> PostgresConfiguration {
        server.pool.configuration.with(database: name).with(applicationName: "sluice tables")
            .with(settings: [
                "role": serverSpec.readerRole, "search_path": "pg_catalog", "default_transaction_read_only": "on",
            ])
    }

    /// A session on a database for as long as `body` takes.
    func withReader<Content: Sendable>(
        on name: String, _ body: (PostgresConnection) async throws -> Content
    ) async throws -> Content {
        let connection = try await PostgresConnection.open(reading(name))
        do {
            let content = try await body(connection)
            await connection.close()
            return content
        } catch {
            await connection.close()
            throw error
        }
    }
}
