import DesiredState
import Testing

@Suite("The kind NotificationChannel")
struct NotificationChannelTests {
    private func text(_ spec: String) -> String {
        "apiVersion: sluice.dev/v1alpha1\nkind: NotificationChannel\nmetadata: {name: ops}\nspec:\n"
            + spec.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)\n" }.joined()
    }

    private func read(_ spec: String) throws -> NotificationChannelSpec {
        let file = DesiredStateFile(path: "a.yaml", bytes: Array(text(spec).utf8))
        return try #require(try DesiredStateReader().read(files: [file]).notificationChannels.first).spec
    }

    @Test(
        "A channel of each type is read, written, and read back",
        arguments: [
            "type: wecom\nwecom: {url: {file: /etc/robot}}",
            "type: slack\nslack: {url: {environment: SLACK}}\nrules: [{severity: Warning}, {kinds: [Release, Candidate]}]",
            "type: feishu\nfeishu: {url: {file: /a}, secret: {file: /b}}\nquiet: 0s\ngather: 1m",
            "type: dingtalk\ndingtalk: {url: {file: /a}, secret: {file: /b}}\nsuspend: true",
            "type: webhook\nwebhook: {url: \"https://a.example/hook\", secret: {file: /a}}\nrules: [{names: [\"edge-*\"], reasons: [\"Merge*\"]}]",
            "type: email\nemail: {host: mx.example.org, from: sluice@example.org, to: [ops@example.org]}",
            "type: email\nemail: {host: mx.example.org, port: 465, encryption: tls, user: u, password: {file: /p}, from: a@b.org, to: [c@d.org]}\ntemplate: |\n  {{count}} notices\n",
        ])
    func roundTrip(_ spec: String) throws {
        let read = ResourceSpec.notificationChannel(try read(spec))
        #expect(try ResourceSpec(kind: .notificationChannel, json: read.json) == read)
    }

    @Test("Left out, a channel tells of every warning, and of the same once an hour")
    func defaults() throws {
        let channel = try read("type: wecom\nwecom: {url: {file: /etc/robot}}")
        #expect(channel.rules == [.warnings])
        #expect(channel.quiet == .seconds(3600))
        #expect(channel.gather == .seconds(5))
    }

    @Test(
        "A mistake is told with its place and what was expected",
        arguments: [
            ("type: wecom", "a.yaml:5:3: spec: the key \"wecom\" is missing"),
            ("type: wecom\nslack: {url: {file: /a}}", "the key \"slack\" does not go with the type wecom"),
            (
                "type: wecom\nwecom: {url: \"https://qyapi.example/?key=hunter2\"}",
                "spec.wecom.url: expected a reference to a secret"
            ),
            ("type: wecom\nwecom: {url: {file: /a}}\nrules: []", "spec.rules: the list is empty"),
            ("type: wecom\nwecom: {url: {file: /a}}\nrules: [{kinds: [Releas]}]", "did you mean \"Release\"?"),
            ("type: wecom\nwecom: {url: {file: /a}}\nrules: [{severity: Error}]", "spec.rules[0].severity"),
            ("type: wecom\nwecom: {url: {file: /a}, secret: {file: /b}}", "spec.wecom.secret: unknown key"),
            (
                "type: wecom\nwecom: {url: {file: /a}}\ntemplate: \"{{#objects}}{{titel}}{{/objects}}\"",
                "a.yaml:7:13: spec.template: line 1, column 13 of the template: \"titel\" stands for nothing here: did you mean title?"
            ),
            (
                "type: webhook\nwebhook: {url: \"https://a.example\", secret: {file: /a}}\ntemplate: x",
                "a webhook has no template"
            ),
            (
                "type: email\nemail: {host: a.b, user: u, from: a@b.org, to: [c@d.org]}",
                "spec.email: user and password go together"
            ),
            (
                "type: email\nemail: {host: a.b, encryption: none, user: u, password: {file: /p}, from: a@b.org, to: [c@d.org]}",
                "spec.email: a password needs encryption"
            ),
            (
                "type: email\nemail: {host: a.b, from: \"a@b.org\\r\\nBcc: x@y.z\", to: [c@d.org]}",
                "expected a mail address"
            ),
        ])
    func mistakes(_ spec: String, _ expected: String) {
        let found = findings(in: text(spec)).joined(separator: "\n")
        #expect(found.contains(expected), "\(found)")
        #expect(!found.contains("hunter2"))
    }

    @Test(
        "A rule covers what all of its parts cover",
        arguments: [
            (NoticeRule(), true), (NoticeRule(severity: .warning), false), (NoticeRule(kinds: ["Candidate"]), true),
            (NoticeRule(kinds: ["Release"]), false), (NoticeRule(names: ["land"]), true),
            (NoticeRule(names: ["land/*"]), true), (NoticeRule(names: ["water"]), false),
            (NoticeRule(reasons: ["Verif*"]), true), (NoticeRule(kinds: ["Candidate"], reasons: ["Drift"]), false),
        ])
    func rules(_ rule: NoticeRule, _ covers: Bool) {
        let key = ResourceKey(kind: "Candidate", name: "land/42")
        #expect(rule.covers(key, severity: .normal, reason: "Verified") == covers)
    }
}

@Suite("Templates of notices")
struct NoticeTemplateTests {
    private let values: JSONValue = [
        "channel": "ops", "count": 2, "more": 0, "warning": true,
        "objects": [
            ["key": "Release/a", "title": "A & B", "by": nil, "notices": [["reason": "One"], ["reason": "Two"]]],
            ["key": "Release/b", "title": "", "by": "ada", "notices": []],
        ],
    ]

    @Test(
        "A template is filled in",
        arguments: [
            ("{{count}} in {{ channel }}", "2 in ops"),
            ("{{#objects}}[{{title}}|{{{title}}}|{{& title}}]{{/objects}}", "[A+B|A+B|A+B][||]"),
            ("{{#objects}}{{#title}}yes{{/title}}{{^title}}no{{/title}} {{/objects}}", "yes no "),
            (
                "{{#objects}}{{key}}{{#notices}} {{reason}} of {{key}}{{/notices}}{{^notices}} none{{/notices}};{{/objects}}",
                "Release/a One of Release/a Two of Release/a;Release/b none;"
            ),
            ("a\n  {{#warning}}  \nb\n{{/warning}}\nc", "a\nb\nc"),
            ("{{#more}}x{{/more}}{{! a comment }}y{{^more}}z{{/more}}", "yz"),
            ("} {{=}} is no tag".replacing("{{=}}", with: "{ {"), "} { { is no tag"),
        ])
    func filled(_ template: String, _ expected: String) throws {
        #expect(try NoticeTemplate(template).render(values, limit: 1000) { $0.replacing(" & ", with: "+") } == expected)
    }

    @Test(
        "A mistake is told with its line and column",
        arguments: [
            ("a\n {{titel}}", 2, 2, "stands for nothing here"), ("{{#objects}}", 1, 1, "has no end"),
            ("{{/objects}}", 1, 1, "no section is open"), ("{{#warning}}{{/more}}", 1, 13, "open here is \"warning\""),
            ("x {{count", 1, 3, "has no end on its line"), ("{{>part}}", 1, 1, "partials"),
            ("{{=<% %>=}}", 1, 1, "delimiters"),
            ("{{objects}}", 1, 1, "is a list"), ("{{.}}", 1, 1, "stands for nothing"),
            ("{{}}", 1, 1, "stands for nothing"),
            ("{{reason}}", 1, 1, "stands for nothing"), ("{{#notices}}{{/notices}}", 1, 1, "stands for nothing"),
            ("{{#objects}}{{#notices}}{{#objects}}", 1, 25, "stands within itself"),
        ])
    func mistakes(_ template: String, _ line: Int, _ column: Int, _ message: String) {
        do throws(NoticeTemplateMistake) {
            _ = try NoticeTemplate(template)
            Issue.record("it was taken")
        } catch {
            #expect((error.line, error.column) == (line, column))
            #expect(error.message.contains(message), "\(error.message)")
        }
    }

    @Test("Whatever it is, it ends soon and makes no more than it may")
    func limits() throws {
        let many = JSONValue.object([
            "objects": .array(
                Array(
                    repeating: [
                        "notices": .array(
                            Array(repeating: ["message": .string(String(repeating: "x", count: 1000))], count: 100))
                    ], count: 100))
        ])
        let body = String(repeating: "{{message}}", count: 300)
        let text = try NoticeTemplate("{{#objects}}{{#notices}}\(body){{/notices}}{{/objects}}").render(
            many, limit: 5000
        ) { $0 }
        #expect(text.utf8.count <= 6000)
        #expect(throws: NoticeTemplateMistake.self) { try NoticeTemplate(String(repeating: "x", count: 4097)) }
        let deep = String(repeating: "{{^more}}", count: 400)
        #expect(throws: NoticeTemplateMistake.self) { try NoticeTemplate(deep) }
        for seed in 0..<500 {
            let pieces = [
                "{{", "}}", "{", "}", "#", "^", "/", "!", "count", "objects", " ", "\n", "\r\n", "é", "{{{", "&", ".",
            ]
            var (state, text) = (UInt64(seed) &* 2_654_435_761 &+ 1, "")
            for _ in 0..<20 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int((state >> 33) % UInt64(pieces.count))]
            }
            _ = try? NoticeTemplate(text).render(values, limit: 100) { $0 }
        }
    }
}
