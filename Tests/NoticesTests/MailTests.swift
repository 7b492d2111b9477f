import DesiredState
import Diagnostics
import Foundation
import NIOConcurrencyHelpers
import OutboundHTTP
import StateStore
import TestSupport
import Testing

@testable import Notices

@Suite("Notices by mail")
struct MailTests {
    private let message = NoticeMessage(
        notices: [notice(7, title: "证书 of the edge")], title: "证书 of the edge", text: "证书\n.\nRelease/edge-42\n")

    private func spec(_ port: Int, _ encryption: MailSpec.Encryption = .none, user: String? = nil) -> MailSpec {
        MailSpec(
            host: "mail.test", port: port, encryption: encryption, user: user,
            password: user.map { _ in .environment("P") }, from: "sluice@example.org",
            to: ["ops@example.org", "dev@example.org"])
    }

    private func send(
        _ server: MailServer, trusting: [String] = ["mail.test"], _ encryption: MailSpec.Encryption = .none
    ) async throws -> NoticeAnswer {
        try await withTemporaryDirectory("mail") { folder in
            let carrier = CurlMailCarrier(
                destinations: DestinationGuard(policy: AddressPolicy(trusting: trusting), resolver: Loopback()),
                directory: "\(folder)/mail")
            let answer = try await carrier.send(
                message, to: spec(server.port, encryption), password: nil, now: NoticeWorld.time)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/mail").isEmpty)
            return answer
        }
    }

    @Test("A mail server gets a mail with sender, receivers, subject and text")
    func taken() async throws {
        try await MailServer.with { server in
            let answer = try await send(server)
            #expect(answer.verdict == .taken)
            #expect(answer.status == 250)
            let lines = server.lines
            #expect(lines.contains("MAIL FROM:<sluice@example.org>"))
            #expect(lines.contains("RCPT TO:<dev@example.org>"))
            #expect(lines.contains("To: ops@example.org,"))
            #expect(lines.contains("Date: Tue, 11 Feb 2025 08:00:00 +0000"))
            #expect(lines.contains("Message-ID: <msg_7.1@example.org>"))
            let subject = try #require(lines.first { $0.hasPrefix("Subject: =?utf-8?B?") })
            let word = subject.dropFirst("Subject: =?utf-8?B?".count).dropLast(2)
            #expect(Data(base64Encoded: String(word)).map { String(decoding: $0, as: UTF8.self) } == "证书 of the edge")
            let body = lines.drop { $0 != "" }.prefix { $0 != "." }.joined()
            #expect(Data(base64Encoded: body).map { String(decoding: $0, as: UTF8.self) } == message.text)
        }
    }

    @Test("What the server refuses is told in its words, and no TLS where it is wanted is refused")
    func refused() async throws {
        try await MailServer.with(refusing: "550 no such mailbox") { server in
            let answer = try await send(server)
            #expect(answer.verdict == .refused)
            #expect(answer.status == 550)
        }
        try await MailServer.with { server in
            let answer = try await send(server, .starttls)
            #expect(answer.verdict == .refused)
            #expect(!server.lines.contains { $0.hasPrefix("MAIL") })
        }
    }

    @Test("A mail server on this machine, or without TLS, is not reached unless the operator trusts it")
    func guarded() async throws {
        try await MailServer.with { server in
            await #expect(throws: SluiceError.self) { try await send(server, trusting: [], .none) }
            await #expect(throws: SluiceError.self) { try await send(server, trusting: [], .starttls) }
            #expect(server.lines.isEmpty)
        }
    }

    @Test("A password goes in on curl's input, quoted, and never among its arguments")
    func password() throws {
        let address = try #require(IPAddress("192.0.2.1"))
        let text = try CurlMailCarrier.configuration(
            spec(587, .starttls, user: "sluice"), password: Secret(#"a"b\c"#), addresses: [address], file: "/tmp/x")
        #expect(text.contains(#"user = "sluice:a\"b\\c""#))
        #expect(text.contains("\nssl-reqd\n"))
        #expect(text.contains(#"resolve = "mail.test:587:192.0.2.1""#))
        do {
            _ = try CurlMailCarrier.configuration(
                spec(587, .starttls, user: "sluice"), password: Secret("hunter2\nurl=x"), addresses: [], file: "/tmp/x")
            Issue.record("it was taken")
        } catch {
            #expect(!String(reflecting: error).contains("hunter2"))
        }
    }

    @Test("Subjects are encoded in words that are short enough and whole", arguments: [1, 41, 42, 43, 200])
    func subjects(_ count: Int) {
        let text = String(repeating: "证👩‍👩‍👧", count: count)
        let encoded = MailText.encoded(text)
        let lines = encoded.components(separatedBy: "\r\n ")
        #expect(lines.allSatisfy { $0.utf8.count <= 75 })
        let decoded = lines.compactMap { Data(base64Encoded: String($0.dropFirst(10).dropLast(2))) }
            .map { String(decoding: $0, as: UTF8.self) }.joined()
        #expect(decoded == text)
    }
}
