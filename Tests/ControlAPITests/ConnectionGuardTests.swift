import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import ControlAPI

@Suite("Connections that would hold on to us")
struct ConnectionGuardTests {
    private static let head = HTTPRequestPart.head(
        HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: "/hooks/x"))

    private static func body(_ count: Int) -> HTTPRequestPart { .body(ByteBuffer(repeating: 0, count: count)) }

    private static func connection() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: ConnectionGuard())
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/x")).wait()
        return channel
    }

    private static func answer(on channel: EmbeddedChannel) throws {
        try channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .init(code: 413))))
        try channel.writeOutbound(HTTPResponsePart.end(nil))
    }

    @Test("B-05 Who sends no whole head within 25 seconds is gone, whatever trickles in")
    func head() throws {
        let channel = try Self.connection()
        channel.embeddedEventLoop.advanceTime(by: .seconds(24))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test("B-05 A body of one byte in ten seconds does not last longer than 25 seconds")
    func slowBody() throws {
        let channel = try Self.connection()
        channel.embeddedEventLoop.advanceTime(by: .seconds(20))
        try channel.writeInbound(Self.head)
        for _ in 0..<2 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(10))
            try channel.writeInbound(Self.body(1))
        }
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(5))
        #expect(!channel.isActive)
    }

    @Test("An answer may take its time, and the next request has its own")
    func slowAnswer() throws {
        let channel = try Self.connection()
        for _ in 0..<3 {
            try channel.writeInbound(Self.head)
            try channel.writeInbound(Self.body(10))
            try channel.writeInbound(HTTPRequestPart.end(nil))
            channel.embeddedEventLoop.advanceTime(by: .seconds(3600))
            try Self.answer(on: channel)
            channel.embeddedEventLoop.advanceTime(by: .seconds(20))
        }
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(5))
        #expect(!channel.isActive)
    }

    @Test("B-05 Of a body that was refused by its size no more than 64 KiB are read")
    func leftover() throws {
        let channel = try Self.connection()
        try channel.writeInbound(Self.head)
        try Self.answer(on: channel)
        try channel.writeInbound(Self.body(60 << 10))
        #expect(channel.isActive)
        try channel.writeInbound(Self.body(5 << 10))
        #expect(!channel.isActive)
    }

    @Test("B-05 A body that was refused and never ends has two seconds")
    func leftoverTime() throws {
        let channel = try Self.connection()
        try channel.writeInbound(Self.head)
        try Self.answer(on: channel)
        channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!channel.isActive)
    }

    @Test("A small body that was answered early ends, and the connection goes on")
    func smallLeftover() throws {
        let channel = try Self.connection()
        try channel.writeInbound(Self.head)
        try Self.answer(on: channel)
        try channel.writeInbound(Self.body(100))
        try channel.writeInbound(HTTPRequestPart.end(nil))
        channel.embeddedEventLoop.advanceTime(by: .seconds(20))
        #expect(channel.isActive)
        try channel.writeInbound(Self.head)
        try channel.writeInbound(Self.body(1 << 20))
        try channel.writeInbound(HTTPRequestPart.end(nil))
        try Self.answer(on: channel)
        #expect(channel.isActive)
    }
}
