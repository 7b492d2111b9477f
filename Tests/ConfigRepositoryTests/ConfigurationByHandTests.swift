import DesiredState
import Diagnostics
import StateStore
import Testing

@testable import ConfigRepository

@Suite("What people apply") struct ConfigurationByHandTests {
    private func files(_ texts: [String]) -> [DesiredStateFile] {
        texts.enumerated().map { DesiredStateFile(path: "\($0.offset).yaml", bytes: Array($0.element.utf8)) }
    }

    private func byHand(_ world: ConfigWorld, isSourceRead: Bool = true) -> ConfigurationByHand {
        ConfigurationByHand(
            store: world.store, policy: ConfigurationPolicy(), isSourceRead: isSourceRead)
    }

    @Test("What a person applies stays beside what the repository says, and may refer to it")
    func beside() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            let outcome = try await byHand(world).apply(
                .init(files: files([ConfigWorld.registry("water")]), author: "ada"))
            #expect(outcome.delta.summary == "1 created")
            let water = ResourceKey(kind: "Registry", name: "water")
            #expect(try await world.store.resources.get(water)?.owner == Configuration.byHand)
            #expect(try await world.store.queue.item(water)?.reasons == ["desired state changed"])
            let change = try #require(try await world.store.configuration.list().elements.first)
            #expect(change.source == "sluice apply")
            #expect(change.revision.author == "ada")
            try await world.push(["note.txt": "x"])
            try await world.look()
            #expect(try await world.inForce().contains("Registry/water"))
            let again = try await byHand(world).apply(.init(files: files([ConfigWorld.registry("water")])))
            #expect(again.delta.isEmpty)
            #expect(again.change == nil)
        }
    }

    @Test("What the repository says is refused to people, with its name, and nothing is changed")
    func managedElsewhere() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            let texts = [ConfigWorld.registry("land", spec: "interval: 5m"), ConfigWorld.registry("water")]
            let error = await #expect(throws: SluiceError.self) {
                try await byHand(world).apply(.init(files: files(texts)))
            }
            #expect(error?.code == "configuration.managed-elsewhere")
            #expect(error?.message.contains("Registry/land") == true)
            #expect(try await world.inForce().count == 3)
            let own = try await byHand(world, isSourceRead: false).apply(.init(files: files(texts)))
            #expect(own.delta.summary == "1 created, 1 changed")
        }
    }

    @Test("Files neither submit a release nor bring anybody's word for one; its desk does, once for each name")
    func releases() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            let control = """
                apiVersion: sluice.dev/v1alpha1
                kind: ControlRepository
                metadata: {name: puppet}
                spec: {forge: local, project: puppet/control, stages: [uat]}
                """
            func release(_ more: String = "title: New") -> String {
                """
                apiVersion: sluice.dev/v1alpha1
                kind: Release
                metadata: {name: new}
                spec:
                  repository: puppet
                  source: new
                  operators: [bob]
                  applicant: alice
                  \(more)
                """
            }
            func apply(_ text: String, fromDesk: Bool = false) async throws -> SluiceError? {
                do {
                    _ = try await byHand(world).apply(
                        .init(files: files([text]), author: "alice", isFromDesk: fromDesk))
                    return nil
                } catch let error as SluiceError { return error }
            }
            _ = try await apply(control)
            #expect(try await apply(release())?.code == "configuration.desk-only")
            #expect(try await apply(release(), fromDesk: true) == nil)
            #expect(try await apply(release("title: Other"), fromDesk: true)?.code == "configuration.desk-only")
            #expect(try await apply(release("title: Other")) == nil)
            let approved = "title: Other\n  approvals: [{by: dora, tree: \(String(repeating: "a", count: 40))}]"
            #expect(try await apply(release(approved))?.code == "configuration.desk-only")
            #expect(try await apply(release("title: Other\n  target: complete"))?.code == "configuration.desk-only")
        }
    }

    @Test("A commit that names what a person applied takes it over")
    func takenOver() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            _ = try await byHand(world).apply(.init(files: files([ConfigWorld.registry("water")])))
            try await world.push(["water.yaml": ConfigWorld.registry("water")])
            try await world.look()
            #expect(try await world.changes().last == "changed Registry/water")
            let water = ResourceKey(kind: "Registry", name: "water")
            #expect(try await world.store.resources.get(water)?.owner == Configuration.key)
        }
    }

    @Test("A commit that would take away what an applied resource needs is refused")
    func needed() async throws {
        let other = ConfigWorld.server.replacing("main", with: "spare")
        try await ConfigWorld.with(ConfigWorld.three.merging(["spare.yaml": other]) { one, _ in one }) { world in
            try await world.look()
            _ = try await byHand(world).apply(
                .init(files: files([ConfigWorld.registry("water").replacing("server: main", with: "server: spare")])))
            try await world.push(["spare.yaml": nil])
            try await world.look()
            let message = try #require(try await world.said()).message
            #expect(message.contains("Registry/water, in force: spec.server: there is no DatabaseServer \"spare\""))
            #expect(try await world.inForce().contains("DatabaseServer/spare"))
        }
    }

    @Test("Pruning takes out what was applied and is not named, within the budget, and a dry run nothing")
    func prune() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            let names = ["a", "b", "c", "d", "e"]
            _ = try await byHand(world).apply(.init(files: files(names.map { ConfigWorld.registry($0) })))
            let one = files([ConfigWorld.registry("a")])
            let shown = try await byHand(world).apply(.init(files: one, prunes: true, isDryRun: true))
            #expect(shown.delta.summary == "4 pruned")
            let error = await #expect(throws: SluiceError.self) {
                try await byHand(world).apply(.init(files: one, prunes: true))
            }
            #expect(error?.code == "configuration.deletions-unconfirmed")
            #expect(try await world.inForce().count == 8)
            _ = try await byHand(world).apply(.init(files: one, prunes: true, confirmedDeletions: 4))
            #expect(try await world.inForce().count == 4)
        }
    }

    @Test("A mistake in one file keeps all of them out, and so do files with nothing in them")
    func mistakes() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            let texts = [
                ConfigWorld.registry("water"), ConfigWorld.registry("c").replacing("project", with: "projekt"),
            ]
            let error = await #expect(throws: DiagnosticsError.self) {
                try await byHand(world).apply(.init(files: files(texts)))
            }
            #expect(error?.description.contains("1.yaml:6:3: spec.projekt: unknown key") == true)
            let empty = await #expect(throws: SluiceError.self) {
                try await byHand(world).apply(.init(files: files(["# nothing\n"])))
            }
            #expect(empty?.code == "configuration.empty")
            #expect(try await world.inForce().count == 3)
        }
    }
}
