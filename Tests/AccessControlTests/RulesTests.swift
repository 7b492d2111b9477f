import DesiredState
import Diagnostics
import Testing

@testable import AccessControl

@Suite("Who may do what")
struct RulesTests {
    static let manifests = """
        apiVersion: sluice.dev/v1alpha1
        kind: Forge
        metadata: {name: here}
        spec: {type: local, local: {path: /srv/git}}
        ---
        apiVersion: sluice.dev/v1alpha1
        kind: DatabaseServer
        metadata: {name: main}
        spec: {embedded: {}}
        ---
        apiVersion: sluice.dev/v1alpha1
        kind: Registry
        metadata: {name: land, labels: {sluice.dev/tenant: land-team}}
        spec:
          forge: here
          project: land
          server: main
          referenceDatabase: land-template
          databasePrefix: land-dev-
          changelogs: [{path: main.xml}]
        ---
        apiVersion: sluice.dev/v1alpha1
        kind: ControlRepository
        metadata: {name: puppet, labels: {sluice.dev/tenant: infra}}
        spec:
          forge: here
          project: puppet
          stages: [uat, production]
          approvals: {approvers: [dora]}
        ---
        apiVersion: sluice.dev/v1alpha1
        kind: Release
        metadata: {name: edge}
        spec: {repository: puppet, source: edge, title: Edge, applicant: anna, operators: [bob]}
        ---
        """

    static func rules(_ bindings: String) throws -> AccessRules {
        let text = "\(manifests)\n\(bindings)"
        let state = try DesiredStateReader().read(files: [DesiredStateFile(path: "all.yaml", bytes: Array(text.utf8))])
        return AccessRules(state.resources)
    }

    static func binding(_ role: String, _ subjects: String, _ resources: String = "") -> String {
        """
        apiVersion: sluice.dev/v1alpha1
        kind: RoleBinding
        metadata: {name: \(role)-\(subjects.filter(\.isLetter))}
        spec: {role: \(role), subjects: [\(subjects)]\(resources.isEmpty ? "" : ", resources: [\(resources)]")}
        ---

        """
    }

    static func user(_ name: String, groups: Set<String> = [], scopes: [AccessScope] = []) -> Subject {
        Subject(name, groups: groups, proof: .token, scopes: scopes)
    }

    private static let land = AccessObject.resource(.registry, "land")
    private static let candidate = AccessObject.resource(ResourceKey(kind: "Candidate", name: "land/1042"))
    private static let release = AccessObject.resource(.release, "edge")

    @Test("B-07 Without a binding nobody may do anything, nor know that anything is there")
    func defaultDeny() throws {
        let rules = try Self.rules("")
        for verb in Verb.allCases {
            for object in [AccessObject.controller, Self.land, Self.candidate] {
                #expect(rules.authorize(Self.user("anna"), verb, object) == .hidden)
                #expect(rules.authorize(.anonymous(), verb, object) == .hidden)
                #expect(rules.authorize(.local, verb, object).isAllowed)
                #expect(rules.authorize(.sharedToken, verb, object).isAllowed)
                #expect(rules.authorize(.anonymous(.viewer), verb, object).isAllowed == (verb == .read))
            }
        }
    }

    @Test("B-07 A binding of everything gives each role its verbs, and no other", arguments: Role.allCases)
    func roles(_ role: Role) throws {
        let rules = try Self.rules(Self.binding(role.rawValue, "{user: eve}, {group: crew}"))
        for subject in [Self.user("eve"), Self.user("adam", groups: ["crew"])] {
            for verb in Verb.allCases {
                for object in [AccessObject.controller, Self.land, Self.candidate] {
                    let decision = rules.authorize(subject, verb, object)
                    #expect(decision.isAllowed == role.verbs.contains(verb))
                    #expect(decision.isAllowed || decision == .denied)
                }
            }
        }
        #expect(rules.authorize(Self.user("adam"), .read, Self.land) == .hidden)
        // Names of users are no names of groups.
        #expect(rules.authorize(Self.user("crew", groups: ["eve"]), .read, Self.land) == .hidden)
    }

    @Test("B-07 A team sees what is its own with all that belongs to it, and nothing of another")
    func tenants() throws {
        let rules = try Self.rules(Self.binding("admin", "{group: land}", "{tenant: land-team}"))
        let member = Self.user("m", groups: ["land"])
        for object in [Self.land, Self.candidate, .resource(ResourceKey(kind: "BaseTemplate", name: "land/abc"))] {
            #expect(rules.authorize(member, .apply, object).isAllowed)
        }
        for object in [
            AccessObject.controller, Self.release, .resource(.controlRepository, "puppet"), .resource(.forge, "here"),
            .resource(.registry, "gone"), .resource(ResourceKey(kind: "Candidate", name: "gone/1")),
            .resource(.roleBinding, "admin-grouplan"),
            .resource(ResourceKey(kind: "Configuration", name: "desired-state")),
        ] {
            for verb in Verb.allCases { #expect(rules.authorize(member, verb, object) == .hidden) }
        }
        #expect(
            rules.authorize(
                member, .submit, .resource(.release, "x", within: ResourceKey(kind: "Registry", name: "land"))
            )
            .isAllowed)
        #expect(rules.tenant(of: ResourceKey(kind: "Release", name: "edge")) == "infra")
    }

    @Test("B-07 Whoever may take in objects of some names does so only into what they may use too")
    func submissions() throws {
        let rules = try Self.rules(
            Self.binding("operator", "{user: a}", "{kinds: [Release], names: [\"edge-*\"]}")
                + Self.binding(
                    "operator", "{user: b}", "{kinds: [Release, ControlRepository], names: [\"edge-*\", puppet]}")
                + Self.binding("operator", "{user: c}", "{kinds: [Upstream]}") + Self.binding("operator", "{user: d}"))
        let puppet = ResourceKey(kind: "ControlRepository", name: "puppet")
        let forge = ResourceKey(kind: "Forge", name: "here")
        let release = AccessObject.resource(.release, "edge-9", within: puppet)
        let other = AccessObject.resource(.release, "edge-9", within: ResourceKey(kind: "ControlRepository", name: "x"))
        let upstream = AccessObject.resource(.upstream, "tool", within: forge)
        let table: [(String, AccessObject, Bool)] = [
            ("a", release, false), ("b", release, true), ("b", other, false), ("d", other, true),
            ("c", upstream, false), ("d", upstream, true),
        ]
        for (name, object, expected) in table {
            #expect(rules.authorize(Self.user(name), .submit, object).isAllowed == expected, "\(name) \(object)")
        }
        #expect(rules.authorize(Self.user("a"), .reconcile, release).isAllowed)
    }

    @Test("Bindings that cannot be read give no rights, and keep the controller from being one person's")
    func unreadable() {
        #expect(AccessRules().isEmpty)
        let rules = AccessRules([], hasUnreadableBindings: true)
        #expect(!rules.isEmpty && rules.authorize(Self.user("a"), .read, Self.land) == .hidden)
    }

    @Test("Kinds and names restrict together, and a registry's name stands for its candidates")
    func selectors() throws {
        let rules = try Self.rules(
            Self.binding("operator", "{user: a}", "{kinds: [Candidate], names: [\"land\"]}")
                + Self.binding("operator", "{user: b}", "{names: [\"l*\"]}")
                + Self.binding("operator", "{user: c}", "{kinds: [Candidate], names: [\"land/10*\"]}"))
        let other = AccessObject.resource(ResourceKey(kind: "Candidate", name: "water/1042"))
        let table: [(String, AccessObject, Bool)] = [
            ("a", Self.candidate, true), ("a", Self.land, false), ("a", other, false), ("b", Self.land, true),
            ("b", Self.candidate, true), ("b", other, false), ("b", .controller, false), ("c", Self.candidate, true),
            ("c", .resource(ResourceKey(kind: "Candidate", name: "land/2042")), false),
        ]
        for (name, object, expected) in table {
            #expect(rules.authorize(Self.user(name), .reconcile, object).isAllowed == expected, "\(name) \(object)")
        }
    }

    @Test("The people whom a release names may do what it names them for, and nobody else may, whatever their role")
    func releases() throws {
        let rules = try Self.rules(Self.binding("admin", "{user: root}") + Self.binding("operator", "{user: olga}"))
        let table: [(String, Set<Verb>)] = [
            ("bob", [.read, .reconcile, .operate, .expedite, .withdraw]),
            ("BOB", [.read, .reconcile, .operate, .expedite, .withdraw]),
            ("dora", [.read, .reconcile, .approve, .expedite]), ("anna", [.read, .reconcile, .withdraw]),
            ("root", Set(Verb.allCases).subtracting([.operate, .approve, .withdraw])),
            ("olga", [.read, .reconcile, .notify, .confirm, .submit, .expedite]), ("zoe", []),
        ]
        for (name, verbs) in table {
            let allowed = Verb.allCases.filter { rules.authorize(Self.user(name), $0, Self.release).isAllowed }
            #expect(Set(allowed) == verbs, "\(name)")
        }
        #expect(rules.authorize(Self.user("bob"), .read, .resource(.controlRepository, "puppet")) == .hidden)
    }

    @Test("A scope narrows what new objects may act on, too, and whoever has none for something need not be heard")
    func scopedSubmissions() throws {
        let rules = try Self.rules(Self.binding("operator", "{user: ci}"))
        let upstream = AccessObject.resource(.upstream, "tool-x", within: ResourceKey(kind: "Forge", name: "here"))
        let table: [([String], Bool)] = [
            ([], true), (["operator"], true), (["operator:Upstream/tool-*"], false), (["operator:Forge/here"], false),
            (["operator:Upstream/tool-*", "operator:Forge/there"], false),
            (["operator:Upstream/tool-*", "viewer:Forge/here"], false),
            (["operator:Upstream/tool-*", "operator:Forge/here"], true),
        ]
        for (scopes, expected) in table {
            let ci = Self.user("ci", scopes: try scopes.map { try AccessScope($0) })
            #expect(rules.authorize(ci, .submit, upstream).isAllowed == expected, "\(scopes)")
            #expect(rules.couldEver(ci, [.submit]))
        }
        let looking = Self.user("ci", scopes: [try AccessScope("viewer"), try AccessScope("approver:Release/*")])
        #expect(!rules.couldEver(looking, [.submit, .operate]) && rules.couldEver(looking, [.submit, .read]))
        let shared = Subject("access-token", proof: .token, scopes: looking.scopes, standingRole: .admin)
        #expect(!AccessRules().couldEver(shared, [.apply]) && AccessRules().couldEver(shared, [.approve]))
    }

    @Test("A scope narrows what a token may do, and gives nothing")
    func scopes() throws {
        let rules = try Self.rules(Self.binding("admin", "{user: ci}"))
        func may(_ scopes: String..., verb: Verb, _ object: AccessObject) throws -> Bool {
            let scopes = try scopes.map { try AccessScope($0) }
            return rules.authorize(Self.user("ci", scopes: scopes), verb, object).isAllowed
        }
        #expect(try may("viewer", verb: .read, Self.land))
        #expect(try !may("viewer", verb: .reconcile, Self.land))
        #expect(try may("operator:Candidate/land/*", verb: .reconcile, Self.candidate))
        #expect(try !may("operator:Candidate/land/*", verb: .read, Self.land))
        #expect(try !may("operator:Candidate/land/*", verb: .read, .controller))
        #expect(try may("viewer", "operator:Candidate/*/*", verb: .read, .controller))
        let scoped = Self.user("zoe", scopes: [try AccessScope("admin")])
        #expect(rules.authorize(scoped, .read, Self.land) == .hidden)
        for wrong in ["", "root", "operator:", "operator:Release", "operator:/x", "operator:Release/", "viewer:R/ x"] {
            #expect(throws: SluiceError.self) { try AccessScope(wrong) }
        }
        for text in ["viewer", "operator:Release/edge-*"] { #expect(try AccessScope(text).description == text) }
    }
}
