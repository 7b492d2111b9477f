import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// A mail server that takes what it is given, without TLS and accounts, and remembers every line.
struct MailServer: Sendable {
    let port: Int
    private let seen: NIOLockedValueBox<[String]>

    var lines: [String] { seen.withLockedValue { $0 } }

    /// Calls `body` with a server.
    /// - Parameter refusal: What it answers to a receiver, when it does not take them.
    static func with(
        refusing refusal: String? = nil, _ body: (MailServer) async throws -> Void
    ) async throws {
        let seen = NIOLockedValueBox<[String]>([])
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Dialogue(seen: seen, refusal: refusal))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await body(MailServer(port: channel.localAddress?.port ?? 0, seen: seen))
        } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
    }

    /// The server's side of a session.
    private final class Dialogue: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let seen: NIOLockedValueBox<[String]>
        private let refusal: String?
        private var rest = ""
        private var isData = false

        init(seen: NIOLockedValueBox<[String]>, refusal: String?) {
            self.seen = seen
            self.refusal = refusal
        }

        func channelActive(context: ChannelHandlerContext) { say("220 mail.test", context) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            rest += String(buffer: unwrapInboundIn(data))
            while let end = rest.firstRange(of: "\r\n") {
                let line = String(rest[..<end.lowerBound])
                rest = String(rest[end.upperBound...])
                seen.withLockedValue { $0.append(line) }
                answer(line, context)
            }
        }

        private func answer(_ line: String, _ context: ChannelHandlerContext) {
            if isData {
                guard line == "." else { return }
                isData = false
                return say("250 queued", context)
            }
            switch line.prefix(4).uppercased() {
            case "RCPT": say(refusal ?? "250 ok", context)
            case "DATA":
                isData = true
                say("354 go on", context)
            case "QUIT": say("221 bye", context)
            default: say("250 ok", context)
            }
        }

        private func say(_ line: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(NIOAny(ByteBuffer(string: line + "\r\n")), promise: nil)
        }
    }
}
