import Forges
import GitClient
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import CandidateDatabases

@Suite("Hostile names of candidates")
struct GateNamesTests {
    /// Ids that git allows after `refs/heads/candidate/`.
    static let ids = [
        "a'b\"c", "';drop-database-x;--", "-rf", "--upload-pack=x", "UPPER", "upper", "a/b/c", "a-b-c", "漢字📦", "%2F",
        "$(id)",
        "a.b", "x@y", "null", "&<script>", String(repeating: "x", count: 200), String(repeating: "x", count: 199) + "y",
        "\u{202E}rtl", "Ünïcødé", "template1", "1042",
    ]
    /// The same letters, composed and decomposed.
    static let composed = "caf\u{E9}"
    static let decomposed = "cafe\u{301}"

    @Test("B-11: whatever its id, a candidate gets its own database and its own note, and both go with it")
    func everyID() async throws {
        try await GateWorld.with { world in
            var revisions: [(id: String, revision: ObjectID)] = []
            for (index, id) in Self.ids.enumerated() {
                let revision = try await world.push(
                    GateWorld.adding("own", "create table own_\(index) (id int);"), as: id)
                revisions.append((id, revision))
            }
            try await world.wake()
            try await world.engine().drain(limit: 10_000)
            for (index, (id, revision)) in revisions.enumerated() {
                let verdict = try await world.requireVerdict(revision, of: id)
                #expect(verdict.verdict == .success, "\(id)")
                #expect(try await world.tables(id) == ["own_\(index)", "parcel"], "\(id)")
                let note = try await world.repository.git("notes", "--ref=verified", "show", revision.hex)
                #expect(note.contains("Candidate: \(id)\n"), "\(id)")
            }
            #expect(Set(try await world.published()).count == Self.ids.count)
            try await world.expectDismantled(Self.ids)
        }
    }

    @Test("B-11: ids that differ only by Unicode normalisation do not disturb each other, to the end")
    func normalisation() async throws {
        try await GateWorld.with { world in
            let one = try await world.push(GateWorld.adding("a", "create table a (id int);"), as: Self.composed)
            let other = try await world.push(GateWorld.adding("b", "create table b (id int);"), as: Self.decomposed)
            try await world.settle()
            #expect(try await world.requireVerdict(one, of: Self.composed).verdict == .success)
            #expect(try await world.requireVerdict(other, of: Self.decomposed).verdict == .success)
            #expect(try await world.tables(Self.composed) == ["a", "parcel"])
            #expect(try await world.tables(Self.decomposed) == ["b", "parcel"])
            let known = try await world.store.resources.list(kind: GateKey.candidateKind)
            #expect(known.count == 2)

            try await world.repository.delete("candidate/\(Self.composed)")
            try await world.settle()
            try await world.settle()
            #expect(try await world.published().count == 1)
            #expect(try await world.tables(Self.decomposed) == ["b", "parcel"])
            #expect(try await world.status(Self.decomposed)?.state == .ready)
            #expect(try await world.status(Self.composed) == nil)

            let back = try await world.push(GateWorld.adding("c", "create table c (id int);"), as: Self.composed)
            try await world.settle()
            #expect(try await world.requireVerdict(back, of: Self.composed).verdict == .success)
            #expect(try await world.tables(Self.composed) == ["c", "parcel"])
            try await world.expectDismantled([Self.composed, Self.decomposed])
        }
    }

    @Test("B-11: the sweep sees two candidates where two ids differ only by normalisation")
    func sweep() throws {
        let names = DatabaseNames(instance: "test", registry: "land", prefix: "registry-dev-")
        let (one, other) = (try CandidateID(Self.composed), try CandidateID(Self.decomposed))
        let a = try Sample.commit("a")
        let seen = RegistryObservation(
            open: [.init(id: one, revision: a)],
            known: [
                .init(id: one, settledRevision: a, circumstances: "now", hasDatabase: true),
                .init(id: other, settledRevision: a, circumstances: "now", hasDatabase: true),
            ], absences: [other: .closed],
            databases: [
                .init(
                    name: names.published(Self.decomposed),
                    provenance: try Sample.provenance(candidate: Self.decomposed, state: .deployed))
            ], circumstances: "now", now: Sample.now)
        #expect(RegistryObservation.unlisted(open: seen.open, known: seen.known, databases: seen.databases) == [other])
        let plan = RegistryPlan.decide(seen, RegistryPlan.Policy(), names: names)
        #expect(
            plan.actions == [
                .look(id: one, revision: a), .noteAbsence(id: other, since: Sample.now),
                .dismantle(id: other, because: .closed),
            ])
        #expect(GateKey.candidate(Self.composed, of: "land") != GateKey.candidate(Self.decomposed, of: "land"))
    }
}
