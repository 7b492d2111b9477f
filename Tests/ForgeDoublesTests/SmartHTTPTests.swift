import DesiredState
import ForgeDoubles
import Testing

@Suite("Real git over HTTP")
struct SmartHTTPTests {
    @Test("What was pushed is fetched again, by whoever has a password", arguments: ForgeType.allCases)
    func roundTrip(_ type: ForgeType) async throws {
        try await DoubleWorld.with(type) { world in
            try await world.begin()
            let head = try await world.git("rev-parse", "HEAD")
            let listed = try await world.git("ls-remote", world.remote, "refs/heads/master", as: "sluice")
            #expect(listed == "\(head)\trefs/heads/master")
        }
    }

    @Test("A wrong password and a project that is not there are refused", arguments: ForgeType.allCases)
    func refused(_ type: ForgeType) async throws {
        try await DoubleWorld.with(type) { world in
            await #expect(throws: GitRefusal.self) {
                try await world.git("ls-remote", world.remote, as: "nobody")
            }
            let missing = world.remote.replacing("registry", with: "nothing")
            await #expect(throws: GitRefusal.self) { try await world.git("ls-remote", missing) }
        }
    }

    @Test("A push to refs/for/master makes a change, a second one its next patch set, and neither leaves a branch")
    func gerritReview() async throws {
        let id = "I\(String(repeating: "a", count: 40))"
        try await DoubleWorld.with(.gerrit) { world in
            try await world.begin()
            try await world.commit("table.xml", "<a/>\n", message: "Add a table\n\nChange-Id: \(id)")
            let said = try await world.git("push", "origin", "HEAD:refs/for/master")
            #expect(said.contains("SUCCESS") && said.contains("/+/1 Add a table [NEW]"))
            try await world.commit("table.xml", "<b/>\n", message: "x")
            try await world.git("reset", "--soft", "HEAD~2")
            try await world.git("commit", "--quiet", "--message", "Add a table\n\nChange-Id: \(id)")
            try await world.git("push", "--quiet", "origin", "HEAD:refs/for/master")
            let references = try await world.git("ls-remote", world.remote)
            #expect(references.contains("refs/changes/01/1/1") && references.contains("refs/changes/01/1/2"))
            #expect(!references.contains("refs/for/"))
            let change = try await world.ask("GET", "/a/changes/1?o=ALL_REVISIONS&o=CURRENT_COMMIT")
            #expect(change.text.hasPrefix(")]}'\n"))
            #expect(change.json["revisions"]?.object?.count == 2)
            #expect(change.json["current_revision"]?.string == (try await world.git("rev-parse", "HEAD")))
        }
    }

    @Test("Gerrit takes no commit without a Change-Id, and no commit twice")
    func gerritRefusals() async throws {
        try await DoubleWorld.with(.gerrit) { world in
            try await world.begin()
            try await world.commit("table.xml", "<a/>\n", message: "Add a table")
            await #expect(
                performing: {
                    try await world.git("push", "origin", "HEAD:refs/for/master")
                }, throws: { ($0 as? GitRefusal)?.text.contains("missing Change-Id") ?? false })
            try await world.git(
                "commit", "--quiet", "--amend", "--message", "Add\n\nChange-Id: I\(String(repeating: "b", count: 40))")
            try await world.git("push", "--quiet", "origin", "HEAD:refs/for/master")
            await #expect(
                performing: {
                    try await world.git("push", "origin", "HEAD:refs/for/master")
                }, throws: { ($0 as? GitRefusal)?.text.contains("no new changes") ?? false })
        }
    }

    @Test("A branch that is pushed again is a new revision of its merge request, and its head can be fetched")
    func newRevision() async throws {
        try await DoubleWorld.with(.gitlab) { world in
            try await world.begin()
            try await world.git("checkout", "--quiet", "-b", "topic")
            try await world.commit("a.txt", "a\n", message: "A")
            try await world.git("push", "--quiet", "origin", "topic")
            let opened = try await world.ask(
                "POST", "/api/v4/projects/land%2Fregistry/merge_requests",
                ["source_branch": "topic", "target_branch": "master", "title": "Topic"])
            #expect(opened.status == 201)
            try await world.commit("a.txt", "b\n", message: "B")
            try await world.git("push", "--quiet", "origin", "topic")
            let head = try await world.git("rev-parse", "HEAD")
            let listed = try await world.git("ls-remote", world.remote, "refs/merge-requests/1/head")
            #expect(listed.hasPrefix(head))
            let read = try await world.ask("GET", "/api/v4/projects/land%2Fregistry/merge_requests/1")
            #expect(read.json["sha"]?.string == head)
        }
    }

    @Test("A double that is started again goes on where it was")
    func restart() async throws {
        try await DoubleWorld.with(.github) { world in
            try await world.begin()
            try await world.git("checkout", "--quiet", "-b", "topic")
            try await world.commit("a.txt", "a\n", message: "A")
            try await world.git("push", "--quiet", "origin", "topic")
            let opened = try await world.ask(
                "POST", "/repos/land/registry/pulls", ["head": "topic", "base": "master", "title": "Topic"])
            #expect(opened.status == 201)
            try await DoubleWorld.with(.github, directory: "\(world.directory)/forge") { again in
                let read = try await again.ask("GET", "/api/v3/repos/land/registry/pulls/1")
                #expect(read.json["title"]?.string == "Topic")
                #expect(read.json["head"]?["sha"] == opened.json["head"]?["sha"])
            }
        }
    }
}
