import DesiredState
import Foundation
import Testing

@Suite struct DependencyTests {
    private static func key(_ name: String) -> ResourceKey { ResourceKey(kind: "Registry", name: name) }

    private static func graph(_ edges: [String: [String]]) -> DependencyGraph {
        DependencyGraph(
            Dictionary(
                uniqueKeysWithValues: edges.map { (key($0.key), Set($0.value.map(key))) }))
    }

    @Test("Each comes after all that it waits for, otherwise by key")
    func order() {
        let graph = Self.graph(["a": ["c"], "b": [], "c": ["d"], "d": [], "e": ["a", "b", "missing"]])
        #expect(graph.order.map(\.name) == ["b", "d", "c", "a", "e"])
        #expect(graph.cycle.isEmpty)
    }

    @Test("A circle is named from its least member on, whoever waits for it")
    func cycle() {
        #expect(Self.graph(["a": ["a"]]).cycle.map(\.name) == ["a"])
        #expect(Self.graph(["a": ["c"], "b": ["d"], "c": ["b"], "d": ["c"]]).cycle.map(\.name) == ["b", "d", "c"])
    }

    @Test("A chain of a hundred thousand is no trouble")
    func long() {
        var edges: [String: [String]] = [:]
        for index in 0..<100_000 { edges["r\(index)"] = index == 0 ? [] : ["r\(index - 1)"] }
        #expect(Self.graph(edges).order.count == 100_000)
    }

    @Test("What a resource waits for must be there, and no two may wait for each other")
    func written() {
        func text(_ one: String, _ two: String) -> String {
            let registries = [("land", one), ("water", two)].map { name, other in
                Sample.registry(name, "databasePrefix: \(name)-", "referenceDatabase: x")
                    .replacing("{name: \(name)}", with: "{name: \(name), dependsOn: [\(other)]}")
            }
            return Sample.neighbours + registries.joined(separator: "---\n")
        }
        #expect(findings(in: text("Forge/local", "Registry/land")) == [])
        #expect(
            findings(in: text("Registry/watr", "Forge/local")) == [
                "a.yaml:13:36: metadata.dependsOn: there is no Registry \"watr\"; did you mean Registry/water?"
            ])
        #expect(
            findings(in: text("Registry/water", "Registry/land")) == [
                "a.yaml:13:36: metadata.dependsOn: resources wait for each other: "
                    + "Registry/land → Registry/water → Registry/land; take one of them off"
            ])
        #expect(
            findings(in: text("water", "Forge/local")) == [
                "a.yaml:13:36: metadata.dependsOn[0]: \"water\" is not allowed, expected Kind/name with one of "
                    + "Forge, DatabaseServer, Registry, ControlRepository, Release, Upstream, RoleBinding, NotificationChannel; for example Registry/land"
            ])
    }

    @Test("A resource written out reads back as the same resource")
    func document() throws {
        let text =
            Sample.neighbours
            + Sample.registry("land", "suspend: {reason: \"it moves\", until: 2100-01-15T08:00:00Z}")
            .replacing(
                "{name: land}",
                with:
                    "{name: land, labels: {a: b}, annotations: {sluice.dev/prune: disabled}, dependsOn: [Forge/local]}")
        let read = try DesiredStateReader().read(
            files: [DesiredStateFile(path: "a.yaml", bytes: Array(text.utf8))])
        let written = read.resources.map { YAMLText.of($0.document) }.joined(separator: "---\n")
        let again = try DesiredStateReader().read(
            files: [DesiredStateFile(path: "a.yaml", bytes: Array(written.utf8))])
        #expect(again.resources.map(\.metadata) == read.resources.map(\.metadata))
        #expect(again.resources.map(\.spec) == read.resources.map(\.spec))
        #expect(read.registries.first?.metadata.isKept == true)
    }

    @Test("A suspension holds until its end, and one without an end until somebody ends it")
    func suspension() throws {
        let end = try Date("2100-01-15T08:00:00Z", strategy: .iso8601)
        for (spec, before, after): (JSONValue, Bool, Bool) in [
            (["suspend": true], true, true), (["suspend": false], false, false), ([:], false, false),
            (["suspend": ["until": "2100-01-15T08:00:00Z", "reason": "r"]], true, false),
            (["suspend": ["reason": "r"]], true, true), (["suspend": 7], false, false),
        ] {
            let suspension = Suspension.of(spec: spec)
            #expect((suspension?.holds(at: end.addingTimeInterval(-1)) ?? false) == before, "\(spec)")
            #expect((suspension?.holds(at: end) ?? false) == after, "\(spec)")
        }
        #expect(
            findings(in: Sample.neighbours + Sample.registry("land", "suspend: {until: tomorrow}")) == [
                "a.yaml:19:20: spec.suspend.until: expected a time such as 2026-01-31T10:00:00Z, "
                    + "found the text \"tomorrow\""
            ])
    }
}
