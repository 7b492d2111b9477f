import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Writes replies, whole or harmed.
enum ReplyWriter {
    /// The whole reply.
    static func response(_ reply: Reply) -> Response {
        Response(
            status: .init(code: reply.status), headers: fields(of: reply),
            body: .init(byteBuffer: ByteBuffer(bytes: reply.body)))
    }

    /// The reply with whatever goes wrong on its way.
    static func response(_ reply: Reply, harmedBy fault: Fault?, on channel: any Channel) -> Response {
        let bytes = reply.body
        let half = bytes.count / 2
        let body: ResponseBody
        switch fault?.effect {
        case .truncatedJSON:
            body = .init(byteBuffer: ByteBuffer(bytes: bytes.prefix(half)))
        case .truncatedBody:
            body = ResponseBody(contentLength: max(2, bytes.count)) { writer in
                try await writer.write(ByteBuffer(bytes: bytes.prefix(half)))
                channel.close(mode: .all, promise: nil)
                throw CancellationError()
            }
        case .slowBody:
            let pause = Duration.milliseconds(fault?.pause ?? 100)
            body = ResponseBody(contentLength: bytes.count) { writer in
                for byte in bytes {
                    try await writer.write(ByteBuffer(bytes: [byte]))
                    if pause > .zero { try await Task.sleep(for: pause) }
                }
                try await writer.finish(nil)
            }
        case .stalledBody:
            body = ResponseBody(contentLength: max(2, bytes.count)) { writer in
                try await writer.write(ByteBuffer(bytes: bytes.prefix(1)))
                // That the client went away is noticed by nobody who neither reads nor writes.
                try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(3600)) }
                channel.close(mode: .all, promise: nil)
                throw CancellationError()
            }
        default: return response(reply)
        }
        return Response(status: .init(code: reply.status), headers: fields(of: reply), body: body)
    }

    private static func fields(of reply: Reply) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in reply.headers {
            guard let name = HTTPField.Name(name), HTTPField.isValidValue(value) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return fields
    }
}
