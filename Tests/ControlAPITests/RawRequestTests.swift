import Diagnostics
import HTTPTypes
import HummingbirdTesting
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import ControlAPI

/// Bytes as no client sends them by mistake.
enum RawRequest: String, CaseIterable {
    case tenGigabytes, tenGigabytesWithBody, lengthBeyondIntegers, negativeLength, wordForLength, twoLengths
    case lengthAndChunks, chunksWithoutEnd, chunkOfAllMemory, chunkOfNoNumber, chunkLongerThanSaid, endsEarly
    case headerWithoutEnd, manyHeaders, noHost, oldProtocol, upgrade, control

    /// What is sent, piece by piece; the other side may hang up before the last.
    var pieces: [String] {
        func post(_ headers: String..., body: String = "") -> String {
            (["POST /hooks/github HTTP/1.1", "Host: localhost", "Content-Type: application/json"] + headers)
                .joined(separator: "\r\n") + "\r\n\r\n" + body
        }
        let block = String(repeating: "x", count: 64 << 10)
        switch self {
        case .tenGigabytes: return [post("Content-Length: 10737418240")]
        case .tenGigabytesWithBody:
            return [post("Content-Length: 10737418240")] + Array(repeating: block, count: 64)
        case .lengthBeyondIntegers: return [post("Content-Length: 99999999999999999999999")]
        case .negativeLength: return [post("Content-Length: -1")]
        case .wordForLength: return [post("Content-Length: many", body: "{}")]
        case .twoLengths: return [post("Content-Length: 2", "Content-Length: 3", body: "{} ")]
        case .lengthAndChunks:
            return [post("Content-Length: 2", "Transfer-Encoding: chunked", body: "2\r\n{}\r\n0\r\n\r\n")]
        case .chunksWithoutEnd:
            return [post("Transfer-Encoding: chunked")] + Array(repeating: "10000\r\n\(block)\r\n", count: 64)
        case .chunkOfAllMemory: return [post("Transfer-Encoding: chunked", body: "FFFFFFFFFFFFFFFFF\r\n{}")]
        case .chunkOfNoNumber: return [post("Transfer-Encoding: chunked", body: "lots\r\n{}")]
        case .chunkLongerThanSaid: return [post("Transfer-Encoding: chunked", body: "1\r\n{}\r\n0\r\n\r\n")]
        case .endsEarly: return [post("Content-Length: 100", body: "{}")]
        case .headerWithoutEnd: return ["POST /hooks/github HTTP/1.1\r\nX: "] + Array(repeating: block, count: 4)
        case .manyHeaders: return [post(String(repeating: "X: y\r\n", count: 20_000) + "X: y")]
        case .noHost: return ["POST /hooks/github HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"]
        case .oldProtocol: return ["POST /hooks/github HTTP/1.0\r\n\r\n"]
        case .upgrade: return [post("Connection: Upgrade", "Upgrade: h2c", "Content-Length: 2", body: "{}")]
        case .control: return ["\u{0}\u{1}\u{16}\u{3}\u{1}\r\n\r\n"]
        }
    }

    /// The statuses that may be answered; none, where the other side may just hang up.
    var statuses: Set<String> {
        switch self {
        case .tenGigabytes, .tenGigabytesWithBody, .chunksWithoutEnd: ["413"]
        case .endsEarly: ["400"]
        case .oldProtocol, .noHost: ["400", "401", "415"]
        case .upgrade: ["401"]
        default: ["400", "413", "431"]
        }
    }
}

@Suite("Requests that lie")
struct RawRequestTests {
    @Test(
        "B-05 What lies about itself is refused or hung up on, and the next one is served",
        arguments: RawRequest.allCases)
    func lies(request: RawRequest) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let api = ControlAPI(
            configuration: try ControlAPIConfiguration(port: 0), services: FakeServices().all, logger: logger)
        try await api.server().test(.live) { client in
            let port = try #require(client.port)
            let answer = try await Self.exchange(request, port: port)
            let status = answer.split(separator: " ").dropFirst().first.map(String.init)
            #expect(
                status.map { request.statuses.contains($0) } ?? (request.statuses != ["413"]), "\(answer.prefix(300))")
            #expect(try await client.execute(uri: "/livez", method: .get).status.code == 200)
        }
    }

    /// Sends the pieces and says that there is no more; gives what is answered until the other side hangs up.
    private static func exchange(_ request: RawRequest, port: Int) async throws -> String {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        var answer = ""
        try? await channel.executeThenClose { inbound, outbound in
            do {
                for piece in request.pieces { try await outbound.write(ByteBuffer(string: piece)) }
                if request == .endsEarly { outbound.finish() }
            } catch {
                // It hung up already; what it said before is read below.
            }
            for try await buffer in inbound {
                answer += String(buffer: buffer)
                // A connection that is kept open says no more.
                if answer.contains("\r\n\r\n"), !request.statuses.contains("413") { break }
            }
        }
        return answer
    }
}
