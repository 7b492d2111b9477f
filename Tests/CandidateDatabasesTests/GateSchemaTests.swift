import CandidateDatabases
import DatabaseSchema
import Forges
import PostgresClient
import TestSupport
import Testing

@Suite("What a candidate changes in the schema of its base")
struct GateSchemaTests {
    @Test("the verdict and the status say what was added and changed, and the base's own tables are left out")
    func summary() async throws {
        try await GateWorld.with { world in
            let revision = try await world.push(
                GateWorld.adding(
                    "visit", "create table visit (id int); alter table parcel add column \"odd\nname\" text;"), as: "1")
            try await world.settle()
            let verdict = try await world.requireVerdict(revision, of: "1")
            #expect(
                verdict.body.contains("\nSchema: +1 table, +1 column\n    + table registry.visit\n"), "\(verdict.body)")
            #expect(verdict.body.contains("\n    + column registry.parcel.\"odd name\": text\n"), "\(verdict.body)")
            #expect(!verdict.body.contains("databasechangelog"))
            let note = try await world.status("1")?.schemaChanges
            #expect(note?.summary == "+1 table, +1 column")
        }
    }

    @Test("a candidate that changes nothing in the schema says so, and one without a data model says nothing")
    func nothing() async throws {
        try await GateWorld.with { world in
            let data = try await world.push(GateWorld.adding("data", "insert into parcel values (1);"), as: "1")
            let readme = try await world.push(["README.md": "hello"], as: "2")
            try await world.settle()
            #expect(try await world.requireVerdict(data, of: "1").body.contains("\nSchema: no changes\n"))
            #expect(try await !world.requireVerdict(readme, of: "2").body.contains("Schema:"))
            #expect(try await world.status("2")?.schemaChanges == nil)
        }
    }

    @Test("the whole difference is computed when it is asked for, also by a process that has not seen the base")
    func onDemand() async throws {
        try await GateWorld.with { world in
            try await world.push(GateWorld.adding("visit", "create table visit (id int);"), as: "1")
            try await world.settle()
            let name = world.registry.names.published("1")
            let provenance = try #require(try await world.registry.provenance(of: name))
            let connection = try await PostgresConnection.open(world.postgres.configuration.with(database: name))
            let schemas = BaseSchemas()
            let found = try await schemas.difference(of: provenance, in: world.registry, readBy: connection)
            #expect(found.map { SchemaSummary($0).description } == "+1 table")
            #expect(try await world.leftovers().isEmpty)
            // The second time it is remembered: the template need not be there any more.
            try await world.postgres.server.dropDatabase(try #require(provenance.template))
            #expect(try await schemas.difference(of: provenance, in: world.registry, readBy: connection) == found)
            #expect(try await BaseSchemas().difference(of: provenance, in: world.registry, readBy: connection) == nil)
            await connection.close()
        }
    }

    @Test("a note of very many changes with very long names fits into the comment of a database")
    func bounded() throws {
        let name = String(repeating: "\"\\é", count: 15)
        let objects = (0..<500).map { SchemaObject(.table, SchemaName(["public", "\(name)\($0)"])) }
        let nothing = SchemaSnapshot(serverVersion: "15", objects: [])
        let note = SchemaNote(
            SchemaDifference(from: nothing, to: SchemaSnapshot(serverVersion: "15", objects: objects)))
        #expect(note.summary == "+500 tables")
        #expect(note.lines.count <= 21 && note.lines.last?.hasSuffix("more lines") == true)
        var provenance = try Sample.provenance(candidate: "1", state: .deployed)
        provenance.schema = note
        provenance.template = "template"
        #expect(try provenance.comment.utf8.count < 16_000)
        #expect(Provenance(comment: try provenance.comment) == provenance)
    }
}
