import DesiredState
import Diagnostics
import Glibc

extension WebhookSource {
    /// The body as it may be kept: without this source's secrets, which Gitee sends along in the body too. Nil when there
    /// are some and it cannot be told where.
    public func storable(_ body: [UInt8]) -> [UInt8]? {
        let hidden = secrets.map { $0.reveal() }.filter { !$0.isEmpty }
        guard scheme == .gitee || hidden.contains(where: { body.holds(Array($0.utf8)) }) else {
            return body
        }
        guard let document = try? JSONValue(parsing: String(decoding: body, as: UTF8.self)), document.object != nil
        else { return nil }
        return Array(Self.blanked(document, hidden).canonicalText.utf8)
    }

    /// The nesting was limited by the decoder.
    private static func blanked(_ value: JSONValue, _ hidden: [String]) -> JSONValue {
        func isFree(_ text: String) -> Bool { !hidden.contains { text.contains($0) } }
        return switch value {
        case .null, .bool, .integer, .number: value
        case .string(let text): isFree(text) ? value : "•••"
        case .array(let elements): .array(elements.map { blanked($0, hidden) })
        case .object(let members):
            .object(
                Dictionary(
                    members.filter { isFree($0.key) }.map { name, value in
                        (name, ["password", "sign"].contains(name) ? "•••" : blanked(value, hidden))
                    }, uniquingKeysWith: { first, _ in first }))
        }
    }
}

extension [UInt8] {
    /// Whether these bytes stand in it. Every webhook pays for it, so the C library looks for the first of them.
    fileprivate func holds(_ part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        return withUnsafeBytes { whole in
            part.withUnsafeBytes { part in
                var rest = whole[...]
                while rest.count >= part.count, let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress,
                    let found = memchr(start, Int32(first), rest.count - part.count + 1)
                {
                    rest = rest.dropFirst(start.distance(to: UnsafeRawPointer(found)))
                    if rest.starts(with: part) { return true }
                    rest = rest.dropFirst()
                }
                return false
            }
        }
    }
}
