import DesiredState
import StateStore
import Testing

@testable import Notices

@Suite("What a message says")
struct ComposerTests {
    private func composer(
        _ destination: NoticeDestination = NoticeWorld.wecom, template: String? = nil, links: NoticeLinks? = nil
    ) throws -> MessageComposer {
        MessageComposer(
            channel: "ops", manner: .of(destination), template: try template.map { try NoticeTemplate($0) },
            links: links)
    }

    private let slack = NoticeDestination.slack(RobotSpec(url: .environment("ROBOT")))
    private let feishu = NoticeDestination.feishu(RobotSpec(url: .environment("ROBOT")))

    @Test("The header of a release is its title, and it names the operator")
    func header() throws {
        let notices = [
            notice(1, title: "Certificates of the edge", by: "ada"),
            notice(
                2, "conflict in Puppetfile", reason: "MergeRefused", severity: .warning,
                title: "Certificates of the edge", by: "ada"),
        ]
        let message = try #require(try composer(feishu).messages(for: notices, limit: 3).first)
        #expect(message.title == "Certificates of the edge")
        #expect(
            message.text == """
                Certificates of the edge
                Release/edge-42, asked for by ada
                - Promoted: uat got 1234567
                - Warning: MergeRefused: conflict in Puppetfile
                """)
    }

    @Test(
        "Whoever is told is told where to look, in a message, in a template and in data; no name makes another address of it"
    )
    func links() throws {
        let links = NoticeLinks(below: "https://sluice.example.org/ops/")
        let release = "https://sluice.example.org/ops/api/v1/resources/Release/edge-42"
        let notices = [notice(1, title: "Certificates of the edge", by: "ada")]
        let message = try #require(try composer(feishu, links: links).messages(for: notices, limit: 3).first)
        #expect(message.text.split(separator: "\n")[2] == release)
        let template = "{{#objects}}{{url}}{{/objects}}"
        #expect(
            try composer(slack, template: template, links: links).messages(for: notices, limit: 3).first?.text
                == release)
        #expect(try composer(slack, template: template).messages(for: notices, limit: 3).first?.text.isEmpty == true)
        let webhook = NoticeDestination.webhook(
            OutgoingWebhookSpec(url: "https://a.example.org", secret: .environment("X")))
        #expect(try composer(webhook, links: links).messages(for: notices, limit: 3).first?.link == release)
        let hostile = ResourceKey(kind: "Candidate", name: "land/1 ](https://evil.example) <@all>?x#%")
        #expect(
            links.address(of: hostile)
                == "https://sluice.example.org/ops/api/v1/resources/Candidate/land/1%20%5D%28https%3A//evil.example%29"
                + "%20%3C%40all%3E%3Fx%23%25")
    }

    @Test("A burst is merged by object, in as few messages as hold it, each within the bytes")
    func burst() throws {
        let objects = (0..<4).map { ResourceKey(kind: "Candidate", name: "land/\($0)") }
        let burst = (0..<400).map {
            notice(Int64($0), "证书轮换完成 \($0)", of: objects[$0 % 4])
        }
        let messages = try composer().messages(for: burst, limit: 3)
        #expect(messages.count == 3)
        #expect(messages.allSatisfy { $0.text.utf8.count <= 4096 })
        #expect(messages.flatMap(\.notices).count == 400)
        #expect(Set(messages.flatMap(\.notices).map(\.id)).count == 400)
        #expect(messages.first?.title == "\(messages.first?.notices.count ?? 0) notices")
        #expect(messages.last?.text.contains("… and ") == true)
        #expect(messages.last?.text.contains("more: sluice notices list --channel ops") == true)
        #expect(messages.first?.text.contains("more:") == false)
    }

    @Test(
        "When not everything can be told, warnings come first, and what is told stands in the order in which it happened"
    )
    func warningsFirst() throws {
        var burst = (0..<500).map { notice(Int64($0), String(repeating: "x", count: 100)) }
        burst.append(notice(500, "down", reason: "Drift", severity: .warning))
        let message = try #require(try composer().messages(for: burst, limit: 1).first)
        #expect(message.text.contains("Warning: Drift: down"))
        #expect(message.notices.count == 501)
        #expect(message.text.utf8.count <= 4096)
    }

    @Test("A sentence that is too long is cut between characters", arguments: [1, 2, 3, 4])
    func cut(_ offset: Int) throws {
        let long = String(repeating: "a", count: offset) + String(repeating: "👩‍👩‍👧证é", count: 2000)
        for destination in [NoticeWorld.wecom, slack, feishu] {
            let message = try #require(try composer(destination).messages(for: [notice(1, long)], limit: 1).first)
            #expect(message.text.utf8.count <= ChannelManner.of(destination).bytes)
            #expect(message.text.hasSuffix("…"))
            #expect(!message.text.unicodeScalars.contains("\u{FFFD}"))
        }
        #expect("€€€".fitting(8) == "€…")
        #expect("€€".fitting(6) == "€€")
        #expect("€€".fitting(2) == "")
    }

    @Test("What anybody wrote neither breaks lines nor mentions nor links")
    func escaping() throws {
        let hostile = notice(1, "a\n**b** <@all> [bank](https://evil.example) & \u{202E}x\u{0007}", title: "<!channel>")
        let wecom = try #require(try composer().messages(for: [hostile], limit: 1).first)
        #expect(!wecom.text.contains("<"))
        #expect(!wecom.text.contains("]("))
        #expect(!wecom.text.contains("\u{202E}"))
        #expect(wecom.text.split(separator: "\n").count == 3)
        let inSlack = try #require(try composer(slack).messages(for: [hostile], limit: 1).first)
        #expect(inSlack.text.contains("&lt;@all&gt;"))
        #expect(inSlack.text.contains("*&lt;!channel&gt;*"))
    }

    @Test("A template says how a message looks, and is given less until it fits")
    func template() throws {
        let template = """
            {{count}} in {{channel}}
            {{#objects}}
            {{title}}{{#by}} ({{by}}){{/by}}:{{#notices}} {{reason}}={{{message}}}{{#warning}}!{{/warning}}{{/notices}}
            {{/objects}}
            {{#more}}
            {{more}} more
            {{/more}}
            """
        let few = try composer(feishu, template: template).messages(
            for: [notice(1, "a<b", title: "T", by: "ada"), notice(2, "x", severity: .warning, title: "T", by: "ada")],
            limit: 3)
        #expect(few.map(\.text) == ["2 in ops\nT (ada): Promoted=a‹b Promoted=x!\n"])
        let many = (0..<150).map { notice(Int64($0), String(repeating: "长", count: 200)) }
        let message = try #require(try composer(feishu, template: template).messages(for: many, limit: 3).first)
        #expect(message.text.utf8.count <= 6000)
        #expect(message.text.hasSuffix(" more\n"))
        #expect(message.notices.count == 150)
    }

    @Test("A program gets each notice by itself")
    func single() throws {
        let webhook = NoticeDestination.webhook(
            OutgoingWebhookSpec(url: "https://a.example", secret: .environment("S")))
        let messages = try composer(webhook).messages(for: [notice(1), notice(2), notice(3)], limit: 2)
        #expect(messages.map { $0.notices.map(\.id) } == [[1], [2]])
    }
}
