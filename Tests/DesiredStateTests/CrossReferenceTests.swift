import DesiredState
import Testing

@Suite struct CrossReferenceTests {
    @Test("A registry that names what is not there is told what there is")
    func unknownNames() {
        let registry = Sample.registry().replacing("forge: local", with: "forge: locl")
            .replacing("server: main", with: "server: other")
        #expect(
            findings(in: Sample.neighbours + registry) == [
                "a.yaml:15:10: spec.forge: there is no Forge \"locl\"; did you mean \"local\"?",
                "a.yaml:17:11: spec.server: there is no DatabaseServer \"other\"; there are: main",
            ])
        #expect(
            findings(in: Sample.registry()) == [
                "a.yaml:5:10: spec.forge: there is no Forge \"local\"; there is no Forge at all",
                "a.yaml:7:11: spec.server: there is no DatabaseServer \"main\"; there is no DatabaseServer at all",
            ])
    }

    @Test("A reference to a resource that has a mistake of its own is not a second mistake")
    func brokenNeighbour() {
        let forge = Sample.forge.replacing("/srv/git", with: "srv")
        #expect(findings(in: "\(forge)---\n\(Sample.server)---\n\(Sample.registry())").count == 1)
    }

    @Test(
        "Two registries on one server may not have prefixes of which one begins with the other",
        arguments: [("registry-dev-", "registry-dev-"), ("a-", "a-b-"), ("a-b-", "a-")])
    func overlap(_ first: String, _ second: String) {
        let text =
            Sample.neighbours + Sample.registry("one", "databasePrefix: \(first)", "referenceDatabase: x") + "---\n"
            + Sample.registry("two", "databasePrefix: \(second)", "referenceDatabase: x")
        #expect(
            findings(in: text) == [
                "a.yaml:30:19: spec.databasePrefix: the prefix \"\(second)\" overlaps with \"\(first)\" of Registry "
                    + "\"one\" on the same server; give each registry a databasePrefix such as \"two-dev-\""
            ])
    }

    @Test(
        "Servers that candidates are spread over exist, are named once, and are shared with no one of the same prefix")
    func spread() {
        func registry(_ name: String, _ servers: String, _ prefix: String) -> String {
            Sample.registry(
                name, "databasePrefix: \(prefix)", "referenceDatabase: x", "candidates: {servers: [\(servers)]}")
        }
        let second =
            Sample.server.replacing("name: main", with: "name: second").replacing(
                "embedded: {}", with: "connection: {environment: SECOND}") + "---\n"
        func found(_ registries: String...) -> [String] {
            findings(in: second + Sample.neighbours + registries.joined(separator: "---\n"))
        }
        #expect(found(registry("one", "main, second", "one-")).isEmpty)
        #expect(found(registry("one", "third", "one-")).first?.contains("\"third\"") == true)
        #expect(found(registry("one", "main, main", "one-")).first?.contains("is there twice") == true)
        // Each has its own server, and they meet on the other one's.
        let met = found(
            registry("one", "main, second", "a-"),
            registry("two", "second", "a-b-").replacing("server: main", with: "server: second"))
        #expect(met.first?.contains("overlaps with \"a-\" of Registry \"one\"") == true)
    }

    @Test(
        "V-02: the candidates of one branch are judged by one registry, whatever its forge is called",
        arguments: [
            ("local", "project: land", 1), ("local", "branch: dev", 0), ("other", "project: land", 0),
            ("same", "project: land", 1),
        ])
    func judges(_ forge: String, _ line: String, _ count: Int) {
        let others = [("other", "/srv/more"), ("same", "/srv/git")].map { name, path in
            Sample.forge.replacing("name: local", with: "name: \(name)").replacing("/srv/git", with: path) + "---\n"
        }.joined()
        let second = Sample.registry("two", "databasePrefix: two-", "referenceDatabase: x")
            .replacing("project: two", with: line.hasPrefix("project") ? line : "project: land\n  \(line)")
            .replacing("forge: local", with: "forge: \(forge)")
        let found = findings(
            in: others + Sample.neighbours
                + Sample.registry("land", "databasePrefix: one-", "referenceDatabase: x") + "---\n" + second)
        #expect(found.count == count)
        if count > 0 {
            #expect(
                found.first?.hasSuffix(
                    "spec.project: the candidates of land for \"master\" are judged by Registry \"land\" already, and "
                        + "each has room for one verdict; give each its own project or branch; one registry deploys "
                        + "several changelogs") == true)
        }
    }

    @Test(
        "One control repository looks after a project, whatever its forge is called",
        arguments: [("local", "puppet/control", 1), ("same", "puppet/control", 1), ("local", "puppet/other", 0)])
    func oneControlRepository(_ forge: String, _ project: String, _ count: Int) {
        func repository(_ name: String, _ forge: String, _ project: String) -> String {
            """
            ---
            apiVersion: sluice.dev/v1alpha1
            kind: ControlRepository
            metadata: {name: \(name)}
            spec: {forge: \(forge), project: \(project), stages: [uat]}

            """
        }
        let found = findings(
            in: Sample.forge + "---\n" + Sample.forge.replacing("name: local", with: "name: same")
                + repository("one", "local", "puppet/control") + repository("two", forge, project))
        #expect(found.count == count)
        #expect(
            found.allSatisfy {
                $0.hasSuffix(
                    "spec.project: ControlRepository \"one\" is the project puppet/control already; one looks after "
                        + "all branches of a project; take one of them out")
            })
    }

    @Test("V-02: no registry judges the candidates of the config repository")
    func configRepository() {
        let text = Sample.neighbours + Sample.registry()
        func found(_ project: String, _ branch: String) -> [String] {
            findings(
                in: Array(text.utf8),
                taken: JudgedBranch(.local(LocalForgeSpec(path: "/srv/git")), project: project, branch: branch))
        }
        #expect(found("config", "master").isEmpty && found("land", "main").isEmpty)
        #expect(found("land", "master").first?.contains("a.yaml:16:12: spec.project") == true)
    }

    @Test("Registries on different servers may share a prefix, on two names of one server they may not")
    func servers() {
        func text(_ first: String, _ second: String) -> String {
            func server(_ name: String, _ source: String) -> String {
                Sample.server.replacing("name: main", with: "name: \(name)").replacing("embedded: {}", with: source)
            }
            return [
                Sample.forge, server("a", first), server("b", second),
                Sample.registry("one").replacing("server: main", with: "server: a"),
                Sample.registry("two").replacing("server: main", with: "server: b"),
            ].joined(separator: "---\n")
        }
        #expect(findings(in: text("connection: {environment: A}", "connection: {environment: B}")) == [])
        #expect(findings(in: text("embedded: {}", "connection: {environment: B}")) == [])
        #expect(findings(in: text("connection: {environment: A}", "connection: {environment: A}")).count == 1)
    }
}
