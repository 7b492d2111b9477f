import DesiredState
import Diagnostics
import Forges
import Foundation
import GitClient
import PostgresClient
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import ConfigRepository

@Suite("A config repository") struct ConfigRepositoryTests {
    @Test("A commit comes into force as a whole, with a record of who changed what, and a status on the commit")
    func applied() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            #expect(try await world.inForce() == ["DatabaseServer/main", "Forge/local", "Registry/land"])
            let next = try await world.push(
                ["land.yaml": ConfigWorld.registry("land", spec: "limits: {deadline: 5m}")], message: "Be quick")
            try await world.look()
            let change = try #require(try await world.store.configuration.list().elements.first)
            #expect(change.revision.id == next.hex)
            #expect(change.revision.author == "Ada Author <ada@example.org>")
            #expect(change.revision.subject == "Be quick")
            #expect(change.entries.map(\.fields) == [[FieldChange("spec.limits.deadline", from: "10m", to: "5m")]])
            #expect(change.entries.map(\.generation) == [2])
            let statuses = try await world.forge.statuses(on: next, project: try ProjectRef("config"))
            #expect(statuses.map(\.state) == [.success])
            #expect(try await world.said()?.reason == "InForce")
            let land = try #require(
                try await world.store.resources.get(ResourceKey(kind: "Registry", name: "land")))
            #expect(land.owner == Configuration.key)
        }
    }

    @Test("A commit with a mistake changes nothing, and its author reads file, line and column")
    func refused() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            let broken = try await world.push([
                "server.yaml": ConfigWorld.server.replacing("main", with: "other"),
                "water.yaml": ConfigWorld.registry("water").replacing("project:", with: "projekt:"),
            ])
            try await world.look()
            #expect(try await world.inForce() == ["DatabaseServer/main", "Forge/local", "Registry/land"])
            let said = try #require(try await world.said())
            #expect(said.reason == "Refused")
            #expect(said.message.contains("config/water.yaml:6:3: spec.projekt: unknown key"))
            #expect(said.message.contains("config/land.yaml:7:11: spec.server: there is no DatabaseServer \"main\""))
            let statuses = try await world.forge.statuses(on: broken, project: try ProjectRef("config"))
            #expect(statuses.map(\.state) == [.failed])
            try await world.push(["server.yaml": ConfigWorld.server, "water.yaml": nil])
            try await world.look()
            #expect(try await world.said()?.reason == "InForce")
            let events = try await world.store.events.list(of: ConfigWorld.key).elements.map(\.reason)
            #expect(events == ["DesiredStateInOrder", "DesiredStateRefused"])
        }
    }

    @Test("F-06: an empty tree, and a commit without the directory, drop nothing")
    func emptyTree() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            try await world.empty()
            try await world.look()
            #expect(try await world.said()?.reason == "DeletionBudgetExceeded")
            try await world.repository.push(["config/README.md": .deleted, "other.txt": "x"], to: "main")
            try await world.look()
            let said = try #require(try await world.said())
            #expect(said.reason == "Refused")
            #expect(said.message.contains("the commit has no directory config"))
            #expect(try await world.inForce() == ["DatabaseServer/main", "Forge/local", "Registry/land"])
        }
    }

    @Test("F-06: a repository that is gone, and a branch that is, leave the last good state in force and say so once")
    func gone() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            try await world.repository.git("update-ref", "-d", "refs/heads/main")
            for _ in 0..<3 { try await world.look() }
            #expect(try await world.said()?.reason == "SourceUnreadable")
            try FileManager.default.moveItem(atPath: world.repository.path, toPath: "\(world.directory)/elsewhere")
            for _ in 0..<3 { try await world.look() }
            let said = try #require(try await world.said())
            #expect(said.reason == "SourceUnreadable")
            #expect(said.message.contains("stays in force"))
            #expect(try await world.inForce().count == 3)
            let events = try await world.store.events.list(of: ConfigWorld.key).elements
            #expect(events.map(\.count) == [1, 1])
        }
    }

    @Test("F-06: rewritten history comes into force only when a person confirms its head")
    func rewritten() async throws {
        try await ConfigWorld.with { world in
            let first = try await world.push(["note.txt": "one"])
            let second = try await world.push(["land.yaml": ConfigWorld.registry("land", spec: "interval: 5m")])
            try await world.look()
            let other = try await world.push(
                ["land.yaml": ConfigWorld.registry("land", spec: "interval: 7m")], from: first)
            try await world.look()
            let said = try #require(try await world.said())
            #expect(said.reason == "HistoryRewritten")
            #expect(said.message.contains("--confirm-revision \(other.hex)"))
            #expect(try await interval(in: world) == "5m")
            try await ConfigurationConfirmation(revision: second.hex).leave(in: world.store)
            try await world.look()
            #expect(try await interval(in: world) == "5m")
            try await ConfigurationConfirmation(revision: other.hex).leave(in: world.store)
            try await world.look()
            #expect(try await interval(in: world) == "7m")
            #expect(try await world.said()?.reason == "InForce")
        }
    }

    @Test("A confirmation that is left lying is used up by the next look, whether it was needed or not")
    func leftover() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            try await ConfigurationConfirmation(deletions: 3).leave(in: world.store)
            let key = ResourceKey(kind: "ConfigurationConfirmation", name: "desired-state")
            #expect(try await world.store.resources.get(key) != nil)
            try await world.look()
            #expect(try await world.store.resources.get(key) == nil)
            // What would have been confirmed by it is not, later.
            try await world.empty()
            try await world.look()
            #expect(try await world.said()?.reason == "DeletionBudgetExceeded")
        }
    }

    private func interval(in world: ConfigWorld) async throws -> String? {
        try await world.store.resources.get(ResourceKey(kind: "Registry", name: "land"))?.spec["interval"]?.string
    }

    @Test("A resource that leaves is taken down by its reconciler, or goes at once when nothing reconciles it")
    func pruned() async throws {
        var files = ConfigWorld.three
        for name in ["a", "b", "c", "d", "e", "f", "g", "h"] { files["\(name).yaml"] = ConfigWorld.registry(name) }
        files["spare.yaml"] = ConfigWorld.forge.replacing("local}", with: "spare}")
        try await ConfigWorld.with(files) { world in
            try await world.look()
            try await world.push(["a.yaml": nil, "spare.yaml": nil])
            try await world.look()
            #expect(try await world.changes().last == "pruned Registry/a, pruned Forge/spare")
            let registry = try await world.store.resources.get(ResourceKey(kind: "Registry", name: "a"))
            #expect(registry?.deletionRequestedAt != nil)
            #expect(try await world.store.resources.get(ResourceKey(kind: "Forge", name: "spare")) == nil)
            let item = try await world.store.queue.item(ResourceKey(kind: "Registry", name: "a"))
            #expect(item?.reasons == ["desired state changed"])
        }
    }

    @Test("Symbolic links and submodules are refused by name, hidden files are passed over")
    func links() async throws {
        try await ConfigWorld.with { world in
            let head = try await world.push([".hidden.yaml": "a: ["])
            try await world.look()
            #expect(try await world.said()?.reason == "InForce")
            try await world.repository.push(
                ["config/more.yaml": .symbolicLink("/etc/passwd"), "config/lib": .gitlink(head)], to: "main")
            try await world.look()
            let message = try #require(try await world.said()).message
            #expect(message.contains("config/lib: a symbolic link or a submodule is not read"))
            #expect(message.contains("config/more.yaml: a symbolic link or a submodule is not read"))
        }
    }

    @Test("A candidate is told what its merge would change, and where its mistakes are, before it is merged")
    func candidates() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            let good = try await world.push(["water.yaml": ConfigWorld.registry("water")], to: "candidate/1", from: nil)
            let main = try await world.repository.author("rev-parse", "refs/heads/main")
            let better = try await world.push(
                ["water.yaml": ConfigWorld.registry("water")], to: "candidate/2", from: try ObjectID(main))
            let bad = try await world.push(
                ["land.yaml": ConfigWorld.registry("land").replacing("server: main", with: "server: man")],
                to: "candidate/3", from: try ObjectID(main))
            let empty = try await world.push(
                ["land.yaml": nil, "server.yaml": nil, "forge.yaml": nil, "x.txt": "x"], to: "candidate/4",
                from: try ObjectID(main))
            try await world.look()
            #expect(try await world.verdict("1", at: good)?.summary.contains("no commit in common") == true)
            let verdict = try #require(try await world.verdict("2", at: better))
            #expect(verdict.verdict == .success)
            #expect(verdict.body == "+ Registry/water is created")
            let mistake = try #require(try await world.verdict("3", at: bad))
            #expect(mistake.verdict == .failed)
            #expect(
                mistake.body
                    == "config/land.yaml:7:11: spec.server: there is no DatabaseServer \"man\"; did you mean \"main\"?")
            let drop = try #require(try await world.verdict("4", at: empty))
            #expect(drop.verdict == .failed)
            #expect(drop.body.contains("--confirm-deletions 3"))
            // Nothing is written again when nothing has changed.
            let before = try await world.repository.git("rev-parse", "refs/notes/verified")
            try await world.look()
            #expect(try await world.repository.git("rev-parse", "refs/notes/verified") == before)
        }
    }

    @Test("A plan shows what would come into force and what would be said, and does nothing")
    func plan() async throws {
        try await ConfigWorld.with { world in
            let reconciler = try world.reconciler()
            let plan = try await world.engine(reconciler).preview(ConfigWorld.key)
            #expect(plan.tasks.map(\.action) == ["configuration.apply", "configuration.report-result"])
            #expect(
                plan.tasks.first?.details["changes"] == [
                    "+ DatabaseServer/main is created", "+ Forge/local is created", "+ Registry/land is created",
                ])
            #expect(try await world.inForce().isEmpty)
        }
    }

    @Test("Nothing is fetched while the repository's references stand where they stood")
    func unmoved() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            let mirror = "\(world.directory)/mirrors/config.git"
            // A fetch would bring this reference back to where it is at the source, and take the stray one away.
            let before = try FileManager.default.attributesOfItem(atPath: "\(mirror)/refs/heads/main")
            try await world.look()
            let after = try FileManager.default.attributesOfItem(atPath: "\(mirror)/refs/heads/main")
            #expect(before[.modificationDate] as? Date == after[.modificationDate] as? Date)
            #expect(before[.systemFileNumber] as? Int == after[.systemFileNumber] as? Int)
        }
    }

    @Test("Two replicas that decide at once bring a commit into force once")
    func replicas() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            try await world.push(["water.yaml": ConfigWorld.registry("water")])
            let (one, other) = (try world.reconciler(), try world.reconciler())
            let request = ReconcileRequest(key: ConfigWorld.key)
            let sights = [try await one.observe(request), try await other.observe(request)]
            var conflicts = 0
            for (reconciler, sight) in zip([one, other], sights) {
                for action in reconciler.plan(sight, for: request).actions {
                    guard case .apply = action, let sight else { continue }
                    do {
                        _ = try await reconciler.bringIntoForce(action, sight)
                    } catch let error as SluiceError where error.code == "configuration.moved" {
                        conflicts += 1
                    }
                }
            }
            #expect(conflicts == 1)
            #expect(try await world.changes().count == 2)
        }
    }

    @Test("F-07: with no webhook and no hook at all a commit comes into force within an interval")
    func timer() async throws {
        try await ConfigWorld.with { world in
            let reconciler = try world.reconciler(interval: .milliseconds(300))
            try await reconciler.takeUp()
            try await world.store.queue.enqueue(EnqueueRequest(ConfigWorld.key, lane: .observe, reason: "start"))
            let engine = world.engine(reconciler)
            let work = Task { try await engine.run() }
            let commit = try await world.push(["water.yaml": ConfigWorld.registry("water")])
            let applied = try await eventually("the commit to come into force") {
                try await world.store.configuration.list().elements.first { $0.revision.id == commit.hex }
            }
            #expect(applied.entries.map(\.key.description) == ["Registry/water"])
            engine.stop()
            try await work.value
        }
    }

    @Test("A transaction that fails half way leaves neither objects nor a record nor anything to look at")
    func wholeOrNothing() async throws {
        try await ConfigWorld.with { world in
            let reconciler = try world.reconciler()
            try await reconciler.remember()
            // What is stored of the last entry cannot be: its effect breaks no rule, its row does.
            try await world.store.pool.query(
                "ALTER TABLE sluice.configuration_entries ADD CHECK (name <> 'land')")
            await #expect(throws: (any Error).self) { try await reconciler.takeUp() }
            #expect(try await world.inForce().isEmpty)
            #expect(try await world.store.configuration.list().elements.isEmpty)
            #expect(try await world.store.queue.item(ResourceKey(kind: "Registry", name: "land")) == nil)
        }
    }
}
