import Diagnostics
import Foundation
import NIOConcurrencyHelpers
import Testing

@testable import GitClient

@Suite("Git servers that were asked too often")
struct RefusalTests {
    private static let now = Date(timeIntervalSince1970: 784_111_777)

    private static func limit(_ headers: String...) -> Duration? {
        let lines = headers.map { "10:49:37.000000 http.c:708              <= Recv header: \($0)" }
        return RefusalTrace(lines.joined(separator: "\n"), now: now).limit
    }

    @Test("The wait is what the last answer names, in seconds or as a date, an hour at most")
    func waits() {
        #expect(Self.limit("HTTP/1.1 429 Too Many Requests", "Retry-After: 30") == .seconds(30))
        #expect(Self.limit("HTTP/2 429", "retry-after: 30 ") == .seconds(30))
        #expect(Self.limit("HTTP/1.1 429 x", "Retry-After: Sun, 06 Nov 1994 08:50:37 GMT") == .seconds(60))
        #expect(Self.limit("HTTP/1.1 429 x", "Retry-After: 999999") == .seconds(3600))
        #expect(Self.limit("HTTP/1.1 429 x") == .seconds(60), "one that names no time")
        #expect(Self.limit("HTTP/1.1 503 x", "Retry-After: 5") == .seconds(5))
        #expect(Self.limit("HTTP/1.1 503 x") == nil)
        #expect(Self.limit("HTTP/1.1 429 x", "Retry-After: 30", "HTTP/1.1 404 Not Found") == nil)
        #expect(Self.limit("HTTP/1.1 429 x", "Retry-After: e\u{301}") == .seconds(60))
        #expect(Self.limit() == nil)
    }

    @Test("What git is told over HTTP is obeyed", arguments: ["429 Too Many Requests", "503 Service Unavailable"])
    func overHTTP(_ status: String) async throws {
        let server = try CannedServer(
            answer: "HTTP/1.1 \(status)\r\nRetry-After: 42\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        defer { server.stop() }
        let error = await #expect(throws: SluiceError.self) {
            try await GitTransport(allowing: [.http]).lsRemote(
                try GitRemote("http://127.0.0.1:\(server.port)/a.git"))
        }
        #expect(error?.code == "git.rate-limited" && error?.kind == .transient)
        #expect(error?.retryAfter == .seconds(42))
    }

    @Test("A server that asked to wait is left alone for all of its repositories, for as long as it asked")
    func pauses() throws {
        let time = NIOLockedValueBox(Duration.zero)
        var pauses = HostPauses { time.withLockedValue { $0 } }
        let (one, two) = (try GitRemote("https://a.example/1.git"), try GitRemote("https://a.example/2.git"))
        let other = try GitRemote("https://b.example/1.git")
        pauses.note(.rateLimited(for: .seconds(30)), from: one)
        try pauses.check(other)
        time.withLockedValue { $0 = .seconds(10) }
        let error = #expect(throws: SluiceError.self) { try pauses.check(two) }
        #expect(error?.retryAfter == .seconds(20))
        time.withLockedValue { $0 = .seconds(30) }
        try pauses.check(two)
    }
}
