import DesiredState
import Testing

@Suite("The kind RoleBinding")
struct RoleBindingTests {
    private func text(_ spec: String) -> String {
        "apiVersion: sluice.dev/v1alpha1\nkind: RoleBinding\nmetadata: {name: land}\nspec: \(spec)\n"
    }

    @Test("A binding is read, written, and read back")
    func roundTrip() throws {
        let text = text(
            "{role: operator, subjects: [{user: anna}, {group: land-team}], "
                + "resources: [{kinds: [Registry, Candidate], names: [\"land*\"], tenant: land}]}")
        let file = DesiredStateFile(path: "a.yaml", bytes: Array(text.utf8))
        let read = try #require(try DesiredStateReader().read(files: [file]).roleBindings.first)
        #expect(
            read.spec
                == RoleBindingSpec(
                    role: .operator, subjects: [.user("anna"), .group("land-team")],
                    resources: [ResourceSelector(kinds: ["Registry", "Candidate"], names: ["land*"], tenant: "land")]))
        let spec = ResourceSpec.roleBinding(read.spec)
        #expect(try ResourceSpec(kind: .roleBinding, json: spec.json) == spec)
    }

    @Test(
        "A selector that leaves something out is read back as well",
        arguments: ["names: [a]", "tenant: land", "kinds: [Release]"])
    func partialSelector(_ selector: String) throws {
        let text = text("{role: viewer, subjects: [{user: anna}], resources: [{\(selector)}]}")
        let file = DesiredStateFile(path: "a.yaml", bytes: Array(text.utf8))
        let read = try #require(try DesiredStateReader().read(files: [file]).roleBindings.first)
        let spec = ResourceSpec.roleBinding(read.spec)
        #expect(try ResourceSpec(kind: .roleBinding, json: spec.json) == spec)
    }

    @Test(
        "A mistake is told with its place and what was expected",
        arguments: [
            ("{role: root, subjects: [{user: a}]}", "a.yaml:4:14: spec.role: \"root\" is not known"),
            ("{role: admin, subjects: []}", "spec.subjects: the list is empty"),
            ("{role: admin}", "spec.subjects"),
            (
                "{role: admin, subjects: [{user: a, group: b}]}",
                "spec.subjects[0]: expected one of the keys \"user\" and \"group\""
            ),
            (
                "{role: admin, subjects: [{user: a}], resources: [{}]}",
                "spec.resources[0]: the selector names nothing"
            ),
            (
                "{role: admin, subjects: [{user: a}], resources: [{kinds: [Regitry]}]}",
                "\"Regitry\" is no kind that can be named here; did you mean \"Registry\"?"
            ),
            ("{role: admin, subjects: [{user: a}], resources: [{names: [\"a b\"]}]}", "is not allowed"),
        ])
    func mistakes(_ spec: String, _ expected: String) {
        let found = findings(in: text(spec)).joined(separator: "\n")
        #expect(found.contains(expected) || expected == "spec.subjects" && found.contains("\"subjects\" is missing"))
    }

    @Test("A tenant is a label with a name of its own form")
    func tenant() {
        let wrong = text("{role: admin, subjects: [{user: a}]}").replacing(
            "{name: land}", with: "{name: land, labels: {sluice.dev/tenant: Land Team}}")
        #expect(findings(in: wrong).first?.contains("\"Land Team\" is not the name of a tenant") == true)
    }
}
