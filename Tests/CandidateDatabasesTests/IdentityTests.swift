import ChangelogLint
import DesiredState
import Foundation
import GitClient
import TestSupport
import Testing

@testable import CandidateDatabases

@Suite("Names, keys and provenance")
struct IdentityTests {
    let names = DatabaseNames(instance: "test", registry: "land", prefix: "registry-dev-")

    @Test("a plain id stands in the name as it is", arguments: ["1042", "fix-visits", "a_b"])
    func plain(_ id: String) { #expect(names.published(id) == "registry-dev-\(id)") }

    @Test(
        "a hostile id gives a valid name that is its own",
        arguments: [
            "a'b\"c", "; drop database x", "-rf", "Ünïcødé", String(repeating: "x", count: 200), "A", "a/b", "../..",
            ".",
            "📦", "",
        ])
    func hostile(_ id: String) {
        let name = names.published(id)
        #expect(name.utf8.count <= 63)
        #expect(name.hasPrefix("registry-dev-"))
        #expect(name.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-_.".utf8.contains($0) })
    }

    @Test("B-11: ids that differ only beyond PostgreSQL's limit, by case or by what is cut get different names")
    func collisions() {
        let long = String(repeating: "x", count: 100)
        let ids = [long + "1", long + "2", "A", "a", "a/b", "a-b", "a b", "é", "e", "x.1", names.published("A")]
        #expect(Set(ids.map(names.published)).count == ids.count)
        #expect(Set(ids.map(names.build)).count == ids.count)
    }

    @Test("B-11: twenty thousand random ids get as many valid names")
    func manyIDs() {
        var generator = SeededGenerator(seed: 1)
        let alphabet = Array("abcABC019-_./'\"; éß漢📦")
        let ids = Set(
            (0..<20_000).map { _ in
                String(
                    (0..<Int.random(in: 1...80, using: &generator)).map { _ in
                        alphabet.randomElement(using: &generator) ?? "x"
                    })
            })
        // Unicode canonical equivalence makes some strings equal; both sides count the same way.
        #expect(Set(ids.map(names.published)).count == ids.count)
        #expect(ids.allSatisfy { names.published($0).utf8.count <= 63 })
    }

    @Test("two installations or registries never share a private name")
    func privateNames() {
        let other = DatabaseNames(instance: "other", registry: "land", prefix: "registry-dev-")
        let neighbour = DatabaseNames(instance: "test", registry: "water", prefix: "registry-dev-")
        #expect(Set([names, other, neighbour].map(\.privatePrefix)).count == 3)
    }

    @Test("the key changes with the candidate, the base, the reference, the engine and every parameter")
    func keys() throws {
        let a = WatchedTrees(["data-model": try Sample.commit("a")])
        let b = WatchedTrees(["data-model": try Sample.commit("b")])
        var spec = Sample.spec
        let now = ContentKey.Circumstances(engine: "1", reference: "r", reader: "r", spec: spec)
        spec = RegistrySpec(
            forge: "local", project: "land", server: "dev",
            changelogs: [
                ChangelogSpec(path: "data-model/main-liquibase.xml", contexts: ["all"], parameters: ["v": "2"])
            ])
        let circumstances = [
            now, .init(engine: "2", reference: "r", reader: "r", spec: Sample.spec),
            .init(engine: "1", reference: "s", reader: "r", spec: Sample.spec),
            .init(engine: "1", reference: "r", reader: "r", spec: spec),
        ]
        let bases = circumstances.map { ContentKey.base(trees: a, $0) } + [ContentKey.base(trees: b, now)]
        #expect(Set(bases).count == 5)
        func key(_ base: ContentKey, _ trees: WatchedTrees, _ lint: LintPolicy = LintPolicy()) -> ContentKey {
            ContentKey.candidate(base: base, trees: trees, lint: lint)
        }
        #expect(Set(bases.map { key($0, b) }).count == 5)
        #expect(key(bases[0], a) != key(bases[0], b))
        #expect(key(bases[0], a) != bases[0])
        let policies = [
            LintPolicy(), LintPolicy(rules: ["drop-table": .off]), LintPolicy(rules: ["drop-table": .fail]),
            LintPolicy(honoursAllowances: false),
        ]
        #expect(Set(policies.map { key(bases[0], a, $0) }).count == 4)
    }

    @Test("a path that a commit lacks makes another key than an empty path")
    func absentPath() throws {
        let now = ContentKey.Circumstances(engine: "1", reference: "r", reader: "r", spec: Sample.spec)
        let with = WatchedTrees(["a": try Sample.commit("a"), "b": try Sample.commit("b")])
        let without = WatchedTrees(["a": try Sample.commit("a")])
        #expect(ContentKey.base(trees: with, now) != ContentKey.base(trees: without, now))
    }

    @Test(
        "provenance survives the comment it is kept in",
        arguments: [Provenance.State.building, .deployed, .failed(Sample.failure)])
    func provenance(_ state: Provenance.State) throws {
        let written = try Sample.provenance(candidate: "a'b\"c 📦", state: state)
        let comment = try written.comment
        #expect(comment.hasPrefix("{\"sluice\":1,"))
        #expect(Provenance(comment: comment) == written)
    }

    @Test(
        "a comment that is not ours is nobody's provenance",
        arguments: ["", "hello", "{}", "{\"sluice\":2}", "{\"sluice\":1,", "{\"sluice\":1,\"instance\":\"x\"}"])
    func foreignComment(_ comment: String) { #expect(Provenance(comment: comment) == nil) }

    @Test("the same facts give the same verdict text, and the text names its key")
    func verdictText() throws {
        let key = try Sample.key()
        let (a, b) = (try Sample.commit("a"), try Sample.commit("b"))
        let text = VerdictText(.failed(Sample.failure, database: nil), revision: a, base: b, key: key)
        #expect(text == VerdictText(.failed(Sample.failure, database: nil), revision: a, base: b, key: key))
        #expect(VerdictText.key(in: text.body) == key)
        #expect(text.body.contains("data-model/tables.xml:12: relation \"staff\" does not exist"))
        #expect(VerdictText.key(in: "Content-Key: nonsense") == nil)
    }
}
