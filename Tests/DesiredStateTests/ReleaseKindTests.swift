import DesiredState
import Foundation
import Testing

/// A control repository and a release that say everything there is to say.
enum ReleaseSamples {
    static let repository = ControlRepositorySpec(
        forge: "local", project: "puppet/control", stages: ["uat", "production"],
        zones: ZoneSelection(branches: ["lab"], patterns: ["zone*"], exclude: ["zone99"]),
        checks: ControlChecks(
            puppetfile: "Puppetfile.lab", movingPins: .refuse, missingPins: .warn, data: ["hiera"], parser: .off,
            lint: .required),
        modules: ["profile_edge": ModuleRepository(forge: "local", project: "puppet/profile_edge")],
        parallelMerges: 8, rollback: .revertAndSync,
        windows: WindowRules(minimumLength: .seconds(7200), minimumLead: .seconds(3600), closing: .stop),
        approvals: ApprovalRules(required: 2, approvers: ["dora", "emil"]),
        drift: DriftPolicy(
            interval: .seconds(60), response: .sync,
            ignore: [
                .init(
                    branch: "zone0?", path: "data/nodes", reason: "hardware test",
                    until: Date(timeIntervalSince1970: 1_800_000_000))
            ]),
        arrival: [
            "zone01": ArrivalProof(.url("http://zone01.example.org/deploy.json")),
            "lab": ArrivalProof(.file("/srv/lab.json"), within: .seconds(300)),
        ],
        suspension: Suspension(reason: "audit"))
    static let release = ReleaseSpec(
        repository: "puppet", source: "newbranch392", title: "Edge proxies", description: "Why\nand what",
        applicant: "alice", batches: [ReleaseBatch(zones: ["zone01", "lab"]), ReleaseBatch(zones: ["zone02"])],
        window: ReleaseWindow(
            opens: Date(timeIntervalSince1970: 1_770_836_400), closes: Date(timeIntervalSince1970: 1_770_847_200),
            timeZone: "Europe/Berlin"),
        operators: ["bob", "carol"], approvals: [ReleaseApproval(by: "dora", tree: tree)],
        accepted: [AcceptedResult(branch: "zone02", tree: tree, by: "dora")], target: .batch(2), requestedBy: "bob",
        emergency: ReleaseEmergency(confirmedBy: "carol", reason: "certificates run out"))
    static let tree = String(repeating: "a1", count: 20)

    /// Both documents below a forge; a line that is given takes the place of the line of that key.
    static func documents(repository lines: [String: String] = [:], release more: [String: String] = [:]) -> String {
        func document(_ kind: String, _ name: String, _ members: [(String, String)], _ changed: [String: String])
            -> String
        {
            var members = members.map { ($0.0, changed[$0.0] ?? $0.1) }
            members += changed.filter { key, _ in !members.contains { $0.0 == key } }.sorted { $0.key < $1.key }
            return "apiVersion: sluice.dev/v1alpha1\nkind: \(kind)\nmetadata: {name: \(name)}\nspec:\n"
                + members.map { "  \($0.0): \($0.1)\n" }.joined()
        }
        return [
            Sample.forge,
            document(
                "ControlRepository", "puppet",
                [
                    ("forge", "local"), ("project", "puppet"), ("stages", "[uat, production]"),
                    ("zones", "{patterns: ['zone*', 'd*']}"),
                ], lines),
            document(
                "Release", "r1",
                [
                    ("repository", "puppet"), ("source", "new"), ("title", "New"), ("operators", "[bob]"),
                    ("batches", "[{zones: [zone01]}, {zones: [zone02]}]"),
                ], more),
        ].joined(separator: "---\n")
    }
}

@Suite struct ReleaseKindTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let key: String
        let value: String
        let finding: String
        var testDescription: String { "\(key): \(value)" }

        init(_ key: String, _ value: String, _ finding: String) {
            self.key = key
            self.value = value
            self.finding = finding
        }
    }

    @Test("A repository and a release with what is required alone are accepted")
    func accepted() { #expect(findings(in: ReleaseSamples.documents()) == []) }

    @Test(
        "A wrong line of a release is told with its place, what was expected and what to do",
        arguments: [
            Case(
                "batches", "[{zones: [zone01]}, {zones: [uat]}]",
                "a.yaml:23:41: spec.batches[1].zones[0]: \"uat\" is a stage: every release passes it, before all batches; "
                    + "leave it out, or see spec.zones of the repository"),
            Case(
                "batches", "[{zones: [dev]}]",
                "a.yaml:23:22: spec.batches[0].zones[0]: \"dev\" is no zone of ControlRepository \"puppet\"; "
                    + "leave it out, or see spec.zones of the repository"),
            Case(
                "batches", "[{zones: [zone01]}, {zones: [zone02, zone01]}]",
                "a.yaml:23:49: spec.batches[1].zones[1]: \"zone01\" is in batch 1 already; a zone is in one batch at most"
            ),
            Case(
                "source", "zone07",
                "a.yaml:20:11: spec.source: \"zone07\" is a branch that lives on: a release comes from a branch of its "
                    + "own; make a branch from uat; cancelling deletes it"),
            Case(
                "target", "batch/3", "a.yaml:24:11: spec.target: there is no batch 3: the release has 2"),
            Case(
                "target", "batch/0",
                "a.yaml:24:11: spec.target: \"batch/0\" is not allowed, expected a stage or one of draft, batch/1, "
                    + "complete, rolledBack, cancelled"),
            Case(
                "target", "prodution",
                "a.yaml:24:11: spec.target: \"prodution\" is no stage of ControlRepository \"puppet\"; "
                    + "did you mean \"production\"?"),
            Case(
                "window", "{opens: 2026-02-11T20:00, closes: 2026-02-11T20:30}",
                "a.yaml:24:11: spec.window: the window is open for 30m, expected 1h at least; "
                    + "spec.windows.minimumLength of the ControlRepository says how long"),
            Case(
                "window", "{opens: 2026-03-29T02:30, closes: 2026-03-29T05:00, timeZone: Europe/Berlin}",
                "a.yaml:24:19: spec.window.opens: there is no 2026-03-29T02:30 in Europe/Berlin; "
                    + "clocks are put forward over it, or the day does not exist"),
            Case(
                "window", "{opens: 2026-02-11T20:00, closes: 2026-02-11T19:00}",
                "a.yaml:24:45: spec.window.closes: the window closes before it opens"),
            Case(
                "window", "{opens: 2026-02-11T20:00Z, closes: 2026-02-11T23:00}",
                "a.yaml:24:19: spec.window.opens: expected a time on the clock such as 2026-02-11T20:00, found the date "
                    + "2026-02-11T20:00Z; write no offset here: spec.window.timeZone says where the clock hangs"),
            Case(
                "window", "{opens: 2026-02-11T20:00, closes: 2026-02-11T23:00, timeZone: Europe/Berln}",
                "a.yaml:24:73: spec.window.timeZone: \"Europe/Berln\" is not allowed, expected a time zone such as "
                    + "Europe/Berlin or UTC"),
            Case(
                "emergency", "{confirmedBy: bob, reason: now}",
                "a.yaml:24:28: spec.emergency.confirmedBy: an emergency needs two people: requestedBy and, beside them, "
                    + "confirmedBy"),
            Case(
                "approvals", "[{by: dora, tree: abc}]",
                "a.yaml:24:32: spec.approvals[0].tree: \"abc\" is not allowed, expected 40 hexadecimal digits in lower "
                    + "case"),
            Case(
                "repository", "pupet",
                "a.yaml:19:15: spec.repository: there is no ControlRepository \"pupet\"; did you mean \"puppet\"?"),
        ])
    func release(_ example: Case) {
        #expect(findings(in: ReleaseSamples.documents(release: [example.key: example.value])) == [example.finding])
    }

    @Test(
        "A wrong line of a control repository is told with its place, what was expected and what to do",
        arguments: [
            Case(
                "mergeMethod", "squash",
                "a.yaml:14:16: spec.mergeMethod: \"squash\" is not allowed: the target would never contain its source, "
                    + "and the next promotion conflicts; write merge, and have the forge make merge commits"),
            Case(
                "mergeMethod", "fast-forward",
                "a.yaml:14:16: spec.mergeMethod: \"fast-forward\" is not allowed: without a merge commit there is nothing "
                    + "to take back as a whole; write merge, and have the forge make merge commits"),
            Case(
                "zones", "{branches: [zone01, zone02, uat]}",
                "a.yaml:13:38: spec.zones.branches[2]: \"uat\" is a stage and can be no zone; leave it out here"),
            Case(
                "stages", "[uat, production, uat]",
                "a.yaml:12:29: spec.stages[2]: the stage \"uat\" stands here twice"),
            Case(
                "arrival", "{uat: {file: /a}}",
                "a.yaml:14:18: spec.arrival.uat: \"uat\" is no zone of this repository; see spec.zones"),
            Case(
                "arrival", "{zone01: {}}",
                "a.yaml:14:21: spec.arrival.zone01: expected one of the keys \"url\" and \"file\"; "
                    + "for example file: /srv/environments/zone01/.r10k-deploy.json"),
            Case(
                "approvals", "{required: 2, approvers: [dora, Dora]}",
                "a.yaml:14:39: spec.approvals.approvers: there are fewer approvers than the 2 that are required"),
            Case(
                "modules", "{edge: {forge: gone, project: e}}",
                "a.yaml:14:27: spec.modules.edge.forge: there is no Forge \"gone\"; there are: local"),
        ])
    func repository(_ example: Case) {
        #expect(findings(in: ReleaseSamples.documents(repository: [example.key: example.value])) == [example.finding])
    }

    @Test("A check may be switched off without quotes, though YAML 1.1 takes the word for a truth value")
    func off() { #expect(findings(in: ReleaseSamples.documents(repository: ["checks": "{lint: off}"])) == []) }

    @Test("Nobody approves their own release, however the name is written")
    func ownApproval() {
        let found = findings(
            in: ReleaseSamples.documents(
                release: ["applicant": "Alice", "approvals": "[{by: alice, tree: \(ReleaseSamples.tree)}]"]))
        #expect(
            found.map { $0.drop { $0 != " " }.description } == [
                " spec.approvals[0].by: \"alice\" is the applicant; nobody approves their own release"
            ])
    }

    @Test("A window that is written in local time is that time, also where the clock shows it twice")
    func localTime() throws {
        let window = try #require(ReleaseSamples.release.window)
        #expect(window.description == "2026-02-11T20:00 to 2026-02-11T23:00 Europe/Berlin")
        let document: JSONValue = [
            "repository": "puppet", "source": "a", "title": "A", "operators": ["bob"],
            "window": ["opens": "2026-10-25T02:30", "closes": "2026-10-25T04:00", "timeZone": "Europe/Berlin"],
        ]
        let twice = try #require(try ResourceSpec(kind: .release, json: document).release?.window)
        #expect(twice.length == .seconds(9000))
        #expect(twice.contains(twice.opens) && !twice.contains(twice.closes))
    }

    @Test(
        "A pattern of branches stands for what it looks like, and never reaches over a slash",
        arguments: [
            ("zone*", "zone01", true), ("zone*", "zone", true), ("zone*", "zone/a", false), ("*", "a/b", false),
            ("z?ne*1", "zone0101", true), ("z?ne*1", "zone0102", false), ("zone0?", "zone0", false), ("**", "x", true),
            ("*a*b*c", "xxaxxbxxc", true), ("*a*b*c", "xxaxxcxxb", false), ("zone01", "zone01", true), ("", "", true),
        ])
    func pattern(_ pattern: String, _ name: String, _ fits: Bool) {
        #expect(BranchPattern(pattern).matches(name) == fits)
    }

    @Test(
        "A target is read as it is written",
        arguments: ["draft", "uat", "batch/1", "batch/12", "complete", "rolledBack", "cancelled"])
    func target(_ text: String) { #expect(ReleaseTarget(text)?.description == text) }
}
