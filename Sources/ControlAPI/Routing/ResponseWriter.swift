import DesiredState
import Diagnostics
import HTTPTypes
import Hummingbird

/// Writes answers as HTTP: JSON, entity tags, and the headers that every answer has.
enum ResponseWriter {
    /// The response that carries an answer.
    static func response(
        to head: RequestHead, _ answer: Answer, surface: Route.Surface, identity: RequestIdentity
    ) -> Response {
        var headers = HTTPFields()
        headers.set("X-Request-Id", identity.requestID)
        headers.set("X-Content-Type-Options", "nosniff")
        headers.set("Cache-Control", "no-cache")
        let text = answer.text?.content ?? answer.body?.canonicalText
        if text != nil {
            headers.set("Content-Type", answer.text?.type ?? "application/json; charset=utf-8")
        }
        for (name, value) in answer.headers { headers.set(name, value) }
        if let text, answer.status == .ok, surface != .health {
            let tag = EntityTag(text)
            headers.set("ETag", tag.description)
            if tag.isNamed(by: head["If-None-Match"]) {
                headers[.contentType] = nil
                return Response(status: .notModified, headers: headers)
            }
        }
        let response = Response(
            status: .init(code: answer.status.rawValue), headers: headers,
            body: text.map { .init(byteBuffer: ByteBuffer(string: $0)) } ?? .init())
        return head.isHead ? response.createHeadResponse() : response
    }
}

extension HTTPFields {
    /// Sets a header. A value of characters that no header can have is left out: it came from outside.
    fileprivate mutating func set(_ name: String, _ value: String) {
        guard let name = HTTPField.Name(name), HTTPField.isValidValue(value) else { return }
        self[name] = value
    }
}

/// Tells two bodies apart: 128 bits of FNV-1a over the text, the same in every replica.
struct EntityTag: CustomStringConvertible {
    private let hash: UInt128

    init(_ text: String) {
        hash = text.utf8.reduce(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d) { hash, byte in
            (hash ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013b
        }
    }

    /// The tag as a header has it, in quotes.
    var description: String { "\"\(String(hash, radix: 36))\"" }

    /// Whether an `If-None-Match` names the tag.
    func isNamed(by header: String?) -> Bool {
        guard let header else { return false }
        return header.words(at: ",").contains { part in
            let part = part.drop { $0 == " " }.prefix { $0 != " " }
            return part == "*" || part == description || part == "W/\(description)"
        }
    }
}
