import Forges
import Foundation
import GitClient
import Testing

@testable import CandidateDatabases

@Suite("What a registry's sweep does")
struct RegistryPlanTests {
    let names = DatabaseNames(instance: "test", registry: "land", prefix: "registry-dev-")

    func decide(
        _ seen: RegistryObservation, _ policy: RegistryPlan.Policy = RegistryPlan.Policy()
    ) -> RegistryPlan { RegistryPlan.decide(seen, policy, names: names) }

    func observation(
        open: [RegistryObservation.Open] = [], known: [RegistryObservation.Known] = [],
        absences: [CandidateID: RegistryObservation.Absence] = [:], databases: [GateDatabase] = []
    ) -> RegistryObservation {
        RegistryObservation(
            open: open, known: known, absences: absences, databases: databases, circumstances: "now", now: Sample.now)
    }

    @Test("a candidate that is new, moved or under other circumstances is looked at; a settled one is not")
    func looks() throws {
        let (a, b) = (try Sample.commit("a"), try Sample.commit("b"))
        let seen = observation(
            open: ["new", "moved", "stale", "settled"].map { .init(id: $0, revision: a) },
            known: [
                .init(id: "moved", settledRevision: b, circumstances: "now"),
                .init(id: "stale", settledRevision: a, circumstances: "before"),
                .init(id: "settled", settledRevision: a, circumstances: "now"),
            ])
        #expect(decide(seen).actions == ["new", "moved", "stale"].map { .look(id: $0, revision: a) })
    }

    @Test("a settled candidate whose database somebody dropped is looked at again")
    func lostDatabase() throws {
        let a = try Sample.commit("a")
        let seen = observation(
            open: [.init(id: "1", revision: a)],
            known: [.init(id: "1", settledRevision: a, circumstances: "now", hasDatabase: true)])
        #expect(decide(seen).actions == [.look(id: "1", revision: a)])
    }

    @Test("F-02: a settled candidate whose database lost the name that it is read by is looked at again")
    func lostName() throws {
        let a = try Sample.commit("a")
        var seen = observation(
            open: [.init(id: "1", revision: a)],
            known: [.init(id: "1", settledRevision: a, circumstances: "now", hasDatabase: true)])
        let provenance = try Sample.provenance(candidate: "1", role: .candidate, state: .deployed, revision: "a")
        seen.databases = [GateDatabase(name: names.build("1"), provenance: provenance)]
        #expect(decide(seen).actions == [.look(id: "1", revision: a)])
        seen.databases = [GateDatabase(name: names.published("1"), provenance: provenance)]
        #expect(decide(seen).actions.isEmpty)
    }

    @Test("on other servers a database counts where its candidate is, and nothing is known of one that is away")
    func elsewhere() throws {
        let a = try Sample.commit("a")
        var seen = observation(
            open: [.init(id: "1", revision: a)],
            known: [
                .init(id: "1", settledRevision: a, circumstances: "there", hasDatabase: true, server: "second")
            ])
        let provenance = try Sample.provenance(candidate: "1", role: .candidate, state: .deployed, revision: "a")
        let look: [RegistryPlan.Action] = [.look(id: "1", revision: a)]
        seen.databases = [GateDatabase(name: names.published("1"), provenance: provenance, server: "second")]
        #expect(decide(seen).actions == look, "a server that is not asked any more keeps nobody")
        seen.circumstancesElsewhere = ["second": "there"]
        #expect(decide(seen).actions.isEmpty)
        seen.circumstancesElsewhere = ["second": "other"]
        #expect(decide(seen).actions == look)
        seen.circumstancesElsewhere = ["second": "there"]
        seen.databases = [GateDatabase(name: names.published("1"), provenance: provenance)]
        #expect(decide(seen).actions == look, "it is on the wrong server")
        (seen.databases, seen.circumstancesElsewhere, seen.unreachable) = ([], [:], ["second"])
        #expect(decide(seen).actions.isEmpty)
        seen.open = [.init(id: "1", revision: try Sample.commit("b"))]
        #expect(decide(seen).actions.count == 1, "a new revision is tried all the same")
    }

    @Test("the branch's head gets its base template, then a database to read, unless it does not deploy")
    func head() throws {
        let head = RegistryObservation.Head(commit: try Sample.commit("0"), key: try Sample.key())
        var seen = observation()
        seen.head = head
        #expect(decide(seen).actions == [.prepare(base: head.commit)])
        let template = GateDatabase(
            name: names.baseTemplate(head.key),
            provenance: try Sample.provenance(candidate: nil, role: .baseTemplate, state: .deployed, revision: "0"))
        seen.databases = [template]
        #expect(
            decide(seen).actions
                == [.publishMaster(template: template.name, base: head.commit, key: head.key)])
        seen.databases.append(
            .init(
                name: names.master,
                provenance: try Sample.provenance(candidate: nil, role: .master, state: .deployed, revision: "0")))
        #expect(decide(seen).actions.isEmpty)
        seen.databases = []
        seen.head?.isBroken = true
        #expect(decide(seen).actions.isEmpty)
    }

    @Test("a candidate that is confirmed to be merged or closed is dismantled")
    func gone() {
        let seen = observation(known: [.init(id: "1"), .init(id: "2")], absences: ["1": .merged, "2": .closed])
        #expect(
            decide(seen).actions
                == [
                    .noteAbsence(id: "1", since: Sample.now), .noteAbsence(id: "2", since: Sample.now),
                    .dismantle(id: "1", because: .merged), .dismantle(id: "2", because: .closed),
                ])
    }

    @Test("a candidate that the forge does not show is left alone")
    func invisible() {
        let plan = decide(observation(known: [.init(id: "1")], absences: ["1": .notVisible]))
        #expect(plan.actions.isEmpty)
        #expect(plan.invisible == ["1"])
    }

    @Test("a grace period passes between the first absence and the dismantling")
    func grace() {
        let policy = RegistryPlan.Policy(gracePeriod: .seconds(60))
        let fresh = observation(known: [.init(id: "1")], absences: ["1": .closed])
        #expect(decide(fresh, policy).actions == [.noteAbsence(id: "1", since: Sample.now)])
        let old = observation(
            known: [.init(id: "1", absentSince: Sample.now.addingTimeInterval(-61))], absences: ["1": .closed])
        #expect(decide(old, policy).actions == [.dismantle(id: "1", because: .closed)])
    }

    @Test("F-06: a forge that lists nothing by mistake drops no database, and the sweep says why")
    func massDeletion() {
        let ids = (1...11).map { CandidateID(stringLiteral: String($0)) }
        let seen = observation(
            known: ids.map { .init(id: $0, absentSince: Sample.now) },
            absences: Dictionary(uniqueKeysWithValues: ids.map { ($0, .closed) }))
        let plan = decide(seen)
        #expect(plan.actions.isEmpty)
        #expect(plan.blocked == .init(wanted: 11, budget: 10))
        #expect(decide(seen, .init(confirmedDeletions: 11)).actions.count == 11)
    }

    @Test("a private database that no candidate accounts for is an orphan, described or not")
    func orphans() throws {
        let lost = names.build("gone")
        let mine = names.build("1")
        let seen = observation(
            open: [.init(id: "1", revision: try Sample.commit("a"))],
            databases: [
                .init(name: lost, provenance: nil), .init(name: mine, provenance: nil),
                .init(name: "registry-dev-77", provenance: nil), .init(name: "sluice-other-build-1", provenance: nil),
            ])
        #expect(decide(seen).actions.filter { $0.task != nil } == [.dropOrphan(database: lost)])
    }

    @Test("a failed build is kept as long as the policy says")
    func keptFailure() throws {
        let kept = GateDatabase(
            name: names.failed("1"),
            provenance: try Sample.provenance(state: .failed(Sample.failure), at: Sample.now.addingTimeInterval(-100)))
        let seen = observation(open: [.init(id: "1", revision: try Sample.commit("a"))], databases: [kept])
        let long = decide(seen, .init(keepFailed: .seconds(101)))
        #expect(long.actions.filter { $0.task != nil }.isEmpty)
        let short = decide(seen, .init(keepFailed: .seconds(99)))
        #expect(short.actions.filter { $0.task != nil } == [.dropOrphan(database: kept.name)])
    }

    @Test("base templates beyond the budget go, the longest unused first, never one that is wanted or in use")
    func eviction() throws {
        let templates = try (0..<4).map { age in
            GateDatabase(
                name: "\(names.privatePrefix)base-\(age)",
                provenance: try Sample.provenance(
                    candidate: nil, role: .baseTemplate, state: .deployed,
                    at: Sample.now.addingTimeInterval(Double(-age))))
        }
        var seen = observation(databases: templates)
        seen.inUse = [templates[3].name]
        #expect(
            decide(seen, .init(baseTemplateBudget: 2)).actions == [.evictBaseTemplate(database: templates[2].name)])
        seen.wantedTemplates = [templates[2].name]
        #expect(decide(seen, .init(baseTemplateBudget: 2)).actions.isEmpty)
    }
}
