import ControlAPI
import DatabaseSchema
import DesiredState
import Testing

@Suite("What a candidate changes, over REST")
struct SchemaChangeRoutesTests {
    private let path = "/api/v1/candidates/land/1042/schema-changes"

    private func services() throws -> FakeServices {
        let before = SchemaSnapshot(serverVersion: "15.1", objects: [])
        let after = SchemaSnapshot(
            serverVersion: "15.1",
            objects: [SchemaObject(.table, SchemaName(["public", "visit"]), [.columns: .list(["id"])])])
        var world = FakeServices.World()
        world.candidates = [Given.candidate("1042")]
        world.schemaChanges = SchemaChanges(
            revision: "aaaa", base: "bbbb", difference: SchemaDifference(from: before, to: after))
        return FakeServices(world)
    }

    @Test("The difference comes with the revision that is shown and the base that it stands on")
    func difference() async throws {
        let reply = try await ask(try services(), path)
        #expect(reply.status == 200)
        #expect(reply.json["revision"] == "aaaa" && reply.json["base"] == "bbbb")
        #expect(reply.json["summary"] == "+1 table" && reply.json["equal"] == false)
        let change = reply.json["changes"]?.array?.first
        #expect(change?["operation"] == "added" && change?["kind"] == "table" && change?["name"] == "visit")
    }

    @Test("A candidate or a registry that is not there is told")
    func unknown() async throws {
        let candidate = try await ask(try services(), "/api/v1/candidates/land/7/schema-changes")
        #expect(candidate.status == 404 && candidate.json["code"] == "candidate.unknown")
        let registry = try await ask(try services(), "/api/v1/candidates/sea/1042/schema-changes")
        #expect(registry.status == 404 && registry.json["code"] == "registry.unknown")
    }
}
