import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends connections that would hold on to us: those on which a request comes too slowly, whatever trickles in, and those on
/// which a request was answered before its end, and much more of it is still to come.
///
/// A sender that is answered early has a moment to end its request or to read the answer. Until then what comes is thrown
/// away, ``leftoverLimit`` bytes at most.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long the head of a request may take, the pause before it included, and how long its body.
    static let deadline = TimeAmount.seconds(25)
    /// How long a sender that is answered early has.
    static let leftoverDeadline = TimeAmount.seconds(2)
    /// How many bytes of it are read in that time.
    static let leftoverLimit = 64 << 10

    /// Requests whose head came and whose answer is not complete.
    private var openRequests = 0
    /// Whether the body of the last of them still comes.
    private var isBodyOpen = false
    /// How many bytes of it came since it was answered; nil while it was not.
    private var leftover: Int?
    private var timer: Scheduled<Void>?

    func handlerAdded(context: ChannelHandlerContext) { if context.channel.isActive { startTimer(context) } }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelActive(context: ChannelHandlerContext) {
        startTimer(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            openRequests += 1
            isBodyOpen = true
            startTimer(context)
        case .body(let buffer):
            if let bytes = leftover {
                leftover = bytes + buffer.readableBytes
                if bytes + buffer.readableBytes > Self.leftoverLimit { context.close(promise: nil) }
                return
            }
        case .end:
            isBodyOpen = false
            if leftover == nil { timer?.cancel() } else { startTimer(context) }
            leftover = nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data), openRequests > 0 {
            openRequests -= 1
            if openRequests == 0 {
                leftover = isBodyOpen ? 0 : nil
                startTimer(context, isBodyOpen ? Self.leftoverDeadline : Self.deadline)
            }
        }
        context.write(data, promise: promise)
    }

    private func startTimer(_ context: ChannelHandlerContext, _ time: TimeAmount = deadline) {
        timer?.cancel()
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: time) { bound.value.close(promise: nil) }
    }
}
