import CandidateDatabases
import DesiredState
import Forges
import GitClient
import PostgresClient
import Reconciliation
import StateStore
import TestSupport
import Testing

@Suite("The gate on real PostgreSQL and real git")
struct GateTests {
    @Test("a pushed candidate gets its own database with its tables, and +1 on exactly its revision")
    func goodCandidate() async throws {
        try await GateWorld.with { world in
            let revision = try await world.push(
                GateWorld.adding("visit", "create table visit (id int, parcel int references parcel);"), as: "1")
            try await world.settle()
            let verdict = try await world.requireVerdict(revision, of: "1")
            #expect(verdict.verdict == .success)
            #expect(verdict.summary == "1 changeset of the candidate deployed")
            #expect(try await world.tables("1") == ["parcel", "visit"])
            #expect(try await world.status("1")?.state == .ready)
            #expect(try await world.leftovers().isEmpty)
            let note = try await world.repository.git("notes", "--ref=verified", "show", revision.hex)
            #expect(note.hasPrefix("Verified: +1"))
        }
    }

    @Test("a changelog that fails gets -1 with changeset, file, line and the server's message, and no database")
    func badCandidate() async throws {
        try await GateWorld.with { world in
            let revision = try await world.push(
                GateWorld.adding("visit", "create table visit (id int references staff);"), as: "1")
            try await world.settle()
            let verdict = try await world.requireVerdict(revision, of: "1")
            #expect(verdict.verdict == .failed)
            for part in ["data-model/visit.sql:3", "visit", "relation \"staff\" does not exist", "42P01"] {
                #expect(verdict.body.contains(part), "\(part) is missing in: \(verdict.body)")
            }
            #expect(try await world.published().isEmpty)
            #expect(try await world.leftovers().isEmpty)
            #expect(try await world.status("1")?.state == .failed)
        }
    }

    @Test("the history keeps every changeset's attempt, with statement and SQLSTATE of the one that failed")
    func attempts() async throws {
        try await GateWorld.with { world in
            let two = GateWorld.adding("visit", "create table visit (id int);\ncreate table visit (id int);")
            _ = try await world.push(two, as: "1")
            try await world.settle()
            let deploys = try await world.store.history.tasks(HistoryFilter(action: "changelog.deploy"))
                .elements
            let deploy = try #require(deploys.first { $0.key.kind == GateKey.candidateKind })
            let attempt = try #require(deploy.summary["attempts"]?.array?.last)
            #expect(attempt["event"]?.string == "failed")
            #expect(attempt["changeSet"]?.string == "data-model/visit.sql::visit::land")
            #expect(attempt["sqlState"]?.string == "42P07")
            #expect(attempt["statement"]?.integer == 2)
        }
    }

    @Test("a new revision that fails leaves the last good database readable, and says which revision it shows")
    func lastGood() async throws {
        try await GateWorld.with { world in
            let good = try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "1")
            try await world.settle()
            let bad = try await world.push(GateWorld.adding("a", "create table a (id missing_type);"), as: "1")
            try await world.settle()
            #expect(try await world.verdict(bad, of: "1")?.verdict == .failed)
            #expect(try await world.tables("1") == ["a", "parcel"])
            let status = try #require(try await world.status("1"))
            #expect(status.state == .failed)
            #expect(status.shows == good)
            #expect(status.revision == bad)
        }
    }

    @Test("every mistake of a changelog is in the verdict, with its place")
    func allMistakes() async throws {
        try await GateWorld.with { world in
            let two =
                "<changeSet id=\"1\" author=\"a\">\n<dropTabel tableName=\"x\"/>\n<creatTable tableName=\"y\"/></changeSet>"
            let revision = try await world.push(
                ["data-model/main.xml": .text(GateWorld.changelog(GateWorld.include("tables.sql") + two))], as: "1")
            try await world.settle()
            let verdict = try await world.requireVerdict(revision, of: "1")
            #expect(verdict.body.contains("dropTabel"))
            #expect(verdict.body.contains("creatTable"))
        }
    }

    @Test("a reference database that is missing stalls the registry and says so")
    func missingReference() async throws {
        try await GateWorld.with { world in
            try await world.postgres.server.dropDatabase(world.spec.referenceDatabase)
            try await world.settle()
            let registry = try #require(try await world.store.resources.get(GateKey.registry("land")))
            #expect(registry.conditions[.stalled]?.message.contains("does not exist") == true)
        }
    }

    @Test("a changeset of master that is edited in place is refused with both checksums")
    func editedInPlace() async throws {
        try await GateWorld.with { world in
            let revision = try await world.push(
                ["data-model/tables.sql": .text(GateWorld.sql("parcel", "create table parcel (id bigint);"))], as: "1")
            try await world.settle()
            let verdict = try await world.requireVerdict(revision, of: "1")
            #expect(verdict.verdict == .failed)
            #expect(verdict.body.contains("data-model/tables.sql"))
            #expect(verdict.body.contains("9:"))
        }
    }

    @Test("a candidate that touches no data model gets the base's tables and a +1 that says so")
    func noDataModel() async throws {
        try await GateWorld.with { world in
            let revision = try await world.push(["README.md": "hello"], as: "1")
            try await world.settle()
            let verdict = try await world.requireVerdict(revision, of: "1")
            #expect(verdict.verdict == .success)
            #expect(verdict.summary == "the candidate does not change the data model")
            #expect(try await world.tables("1") == ["parcel"])
        }
    }

    @Test("a new revision with the same content carries the verdict without a new deploy")
    func sameContent() async throws {
        try await GateWorld.with { world in
            let files = GateWorld.adding("a", "create table a (id int);")
            try await world.push(files, as: "1")
            try await world.settle()
            let again = try await world.push(files.merging(["README.md": "new"]) { $1 }, as: "1")
            try await world.settle()
            #expect(try await world.verdict(again, of: "1")?.verdict == .success)
            let deploys = try await world.store.history.tasks().elements.filter {
                $0.planned.action == "changelog.deploy"
            }
            #expect(deploys.count == 1)
        }
    }

    @Test("removing a changeset from a candidate, and reverting to master, rebuild the database (facts 3.8)")
    func removedChangeset() async throws {
        try await GateWorld.with { world in
            try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "1")
            try await world.settle()
            #expect(try await world.tables("1") == ["a", "parcel"])
            try await world.push(["README.md": "reverted"], as: "1")
            try await world.settle()
            #expect(try await world.tables("1") == ["parcel"])
        }
    }

    @Test("a candidate that is rebased is judged on its new base (facts 3.8)")
    func rebased() async throws {
        try await GateWorld.with { world in
            let files = GateWorld.adding("a", "create table a (id int references later);")
            let first = try await world.push(files, as: "1")
            try await world.settle()
            #expect(try await world.verdict(first, of: "1")?.verdict == .failed)
            try await world.repository.push(
                [
                    "data-model/tables.sql": .text(
                        GateWorld.sql(
                            "parcel",
                            "create table parcel (id int primary key, area numeric); comment on table parcel is 'Land';"
                        )
                            + "--changeset land:later\ncreate table later (id int primary key);\n")
                ], to: "master")
            let second = try await world.push(files, as: "1")
            try await world.settle()
            #expect(try await world.verdict(second, of: "1")?.verdict == .success)
        }
    }

    @Test("when master does not deploy, the candidate is not blamed: the registry is stalled, the candidate waits")
    func brokenMaster() async throws {
        var master = GateWorld.master
        master["data-model/tables.sql"] = .text(GateWorld.sql("parcel", "create table parcel (id nonsense);"))
        try await GateWorld.with(master: master) { world in
            let revision = try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "1")
            try await world.settle()
            #expect(try await world.verdict(revision, of: "1")?.verdict ?? .unknown == .unknown)
            let registry = try #require(try await world.store.resources.get(GateKey.registry("land")))
            #expect(registry.conditions[.stalled]?.status == .true)
            #expect(registry.conditions[.stalled]?.message.contains("nonsense") == true)
            try await world.settle()
            let told = try await world.told("MasterDoesNotDeploy")
            #expect(told.count == 1 && told.first?.contains("nonsense") == true, "\(told)")
            let candidate = try #require(try await world.store.resources.get(GateKey.candidate("1", of: "land")))
            #expect(candidate.waiting?.what.contains("nonsense") == true)
            #expect(try await world.leftovers().isEmpty)
        }
    }

    @Test("a candidate without a common commit with its branch gets -1 that says so")
    func unrelatedHistory() async throws {
        try await GateWorld.with { world in
            let orphan = try await world.repository.commit(["README.md": "alone"], on: "orphan")
            try await world.repository.push(orphan, to: "candidate/1")
            try await world.settle()
            let verdict = try await world.requireVerdict(orphan, of: "1")
            #expect(verdict.verdict == .failed)
            #expect(verdict.body.contains("no commit in common"))
            #expect(try await world.status("1")?.state == .failed)
        }
    }

    @Test("master's tables can be read, also when nobody stands on its head, and follow its head")
    func master() async throws {
        try await GateWorld.with { world in
            try await world.settle()
            let (server, name) = (world.postgres.server, world.registry.names.master)
            let first = Provenance(comment: try await server.database(name)?.comment)
            #expect(first?.revision.hex == (try await world.repository.git("rev-parse", "master")))
            let head = try await world.repository.push(
                GateWorld.adding("later", "create table later (id int);"), to: "master")
            try await world.settle()
            #expect(Provenance(comment: try await server.database(name)?.comment)?.revision == head)
            let connection = try await PostgresConnection.open(world.postgres.configuration.with(database: name))
            let tables = try await TableCatalog(layout: world.spec.database).tables(connection, deadline: .seconds(600))
            await connection.close()
            #expect(tables.map(\.name) == ["later", "parcel"])
            #expect(try await world.leftovers().isEmpty)
        }
    }

    @Test("readers get into the reference, too, also when everybody else is kept out of it")
    func readableReference() async throws {
        try await GateWorld.with { world in
            let (server, name) = (world.postgres.server, world.spec.referenceDatabase)
            try await server.revokePublicConnect(onDatabase: name)
            try await world.settle()
            let role = world.registry.serverSpec.readerRole
            #expect(try await server.hasPrivilege(.connect, onDatabase: name, role: role))
            #expect(try await server.hasPrivilege(.create, onDatabase: name, role: role) == false)
        }
    }

    @Test("merged and deleted candidates are dismantled, others are not touched")
    func dismantled() async throws {
        try await GateWorld.with { world in
            let merged = try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "1")
            try await world.push(GateWorld.adding("b", "create table b (id int);"), as: "2")
            try await world.push(GateWorld.adding("c", "create table c (id int);"), as: "3")
            try await world.settle()
            #expect(try await world.published() == ["1", "2", "3"])
            try await world.repository.push(merged, to: "master")
            try await world.repository.delete("candidate/2")
            try await world.settle()
            #expect(try await world.published() == ["3"])
            #expect(try await world.leftovers().isEmpty)
            #expect(try await world.store.resources.get(GateKey.candidate("2", of: "land")) == nil)
            let logins = try await world.postgres.server.listRoles(prefix: world.registry.names.privatePrefix + "login")
            #expect(logins == [world.registry.names.login("3")])
        }
    }

    @Test("a database that only looks like ours is never touched (facts 7.6)")
    func foreignDatabase() async throws {
        try await GateWorld.with { world in
            let (server, names) = (world.postgres.server, world.registry.names)
            for name in [names.published("77"), names.master] { try await server.createDatabase(name) }
            let oids = try await server.listDatabases(prefix: world.spec.databasePrefix).map(\.oid)
            try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "77")
            try await world.settle()
            try await world.settle()
            #expect(try await server.listDatabases(prefix: world.spec.databasePrefix).map(\.oid) == oids)
            let candidate = try #require(try await world.store.resources.get(GateKey.candidate("77", of: "land")))
            #expect(candidate.conditions[.stalled]?.message.contains("is not Sluice's") == true)
        }
    }

    @Test("what failed is tried again when a person asks, and not before")
    func requestedAgain() async throws {
        try await GateWorld.with { world in
            let revision = try await world.push(GateWorld.adding("a", "create table a (id outside.kind);"), as: "1")
            try await world.settle()
            try await world.settle()
            #expect(try await world.requireVerdict(revision, of: "1").verdict == .failed)
            func deploys() async throws -> Int {
                try await world.store.history.tasks().elements.count { $0.planned.action == "changelog.deploy" }
            }
            #expect(try await deploys() == 1)
            try await world.store.queue.enqueue(
                EnqueueRequest(GateKey.candidate("1", of: "land"), lane: .deploy, reason: GateReason.requested))
            try await world.engine().drain()
            #expect(try await deploys() == 2)
            #expect(try await world.requireVerdict(revision, of: "1").verdict == .failed)
            #expect(try await world.leftovers().isEmpty)
        }
    }

    @Test("two commits with the same data model share one template, whoever makes it")
    func sameTemplate() async throws {
        try await GateWorld.with { world in
            let first = try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "1")
            try await world.repository.push(["README.md": "only words"], to: "master")
            let second = try await world.push(GateWorld.adding("b", "create table b (id int);"), as: "2")
            try await world.settle()
            #expect(try await world.requireVerdict(first, of: "1").verdict == .success)
            #expect(try await world.requireVerdict(second, of: "2").verdict == .success)
            let bases = try await world.postgres.server.listDatabases(
                prefix: world.registry.names.privatePrefix + "base-")
            #expect(bases.count == 1)
            let registry = try #require(try await world.store.resources.get(GateKey.registry("land")))
            #expect(registry.conditions[.ready]?.status == .true)
        }
    }

    @Test("a suspended registry is left alone, its candidates too")
    func suspended() async throws {
        try await GateWorld.with(
            spec: { GateWorld.spec(prefix: $0, suspension: Suspension()) },
            { world in
                let revision = try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "1")
                try await world.settle()
                try await world.store.queue.enqueue(
                    EnqueueRequest(GateKey.candidate("1", of: "land"), lane: .deploy, reason: GateReason.requested))
                try await world.engine().drain()
                #expect(try await world.verdict(revision, of: "1") == nil)
                #expect(try await world.published().isEmpty)
            })
    }

    @Test("F-06: when more vanish than the budget allows nothing is dropped until a person confirms")
    func deletionBudget() async throws {
        try await GateWorld.with(
            spec: { GateWorld.spec(prefix: $0, cleanup: CleanupPolicy(deletionBudget: 1)) },
            { world in
                for id in ["1", "2"] { try await world.push(["README.md": .text(id)], as: id) }
                try await world.settle()
                for id in ["1", "2"] { try await world.repository.delete("candidate/\(id)") }
                try await world.settle()
                #expect(try await world.published() == ["1", "2"])
                let registry = try #require(try await world.store.resources.get(GateKey.registry("land")))
                #expect(registry.conditions[.stalled]?.reason == "DeletionBudgetExceeded")
                try await world.settle()
                let told = try await world.told("DeletionBudgetExceeded")
                #expect(told == [registry.conditions[.stalled]?.message ?? ""])
                try await DeletionConfirmation.leave(2, for: "land", in: world.store)
                try await world.settle()
                #expect(try await world.published().isEmpty)
            })
    }

    @Test("a database that was dropped by hand comes back, and a vote that was removed is given again")
    func selfHealing() async throws {
        try await GateWorld.with { world in
            let revision = try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "1")
            try await world.settle()
            try await world.postgres.server.dropDatabase(world.registry.names.published("1"))
            try await world.settle()
            #expect(try await world.tables("1") == ["a", "parcel"])
            try await world.repository.git("notes", "--ref=verified", "remove", revision.hex)
            try await world.store.queue.enqueue(
                EnqueueRequest(GateKey.candidate("1", of: "land"), lane: .deploy, reason: "timer"))
            try await world.engine().drain()
            #expect(try await world.verdict(revision, of: "1")?.verdict == .success)
        }
    }

    @Test("base templates are kept within their budget")
    func baseTemplateBudget() async throws {
        try await GateWorld.with(
            spec: { GateWorld.spec(prefix: $0, baseTemplateBudget: 1) },
            { world in
                for round in 1...3 {
                    try await world.repository.push(
                        ["data-model/note-\(round).txt": .text("\(round)")], to: "master")
                    try await world.push(["README.md": .text("\(round)")], as: "\(round)")
                    try await world.settle()
                }
                try await world.settle()
                let bases = try await world.postgres.server.listDatabases(
                    prefix: world.registry.names.privatePrefix + "base-")
                #expect(bases.count == 1)
                #expect(try await world.published().count == 3)
            })
    }
}
