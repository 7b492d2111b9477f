/// Reads the parser's answer, which is JSON.
///
/// Values below ``depth`` levels are passed over, not built: rules ask about the upper part of a tree, and a tree that is
/// never built cannot exhaust the stack when it is released. So are rows of data.
struct SyntaxNodeReader {
    private static let depth = 100
    private static let passedOver: Set<String> = ["valuesLists"]

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    /// How many objects and lists may still be built.
    private var room: Int

    init(_ bytes: UnsafeRawBufferPointer, room: Int) {
        self.bytes = bytes
        self.room = room
    }

    /// The whole answer; nil when it has more parts than there is room for. A part that is left out in silence would be
    /// one that no rule sees.
    mutating func read() -> SyntaxNode? {
        let answer = value(depth: 0)
        return room > 0 ? answer : nil
    }

    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ expected: Unicode.Scalar) -> Bool {
        guard byte == UInt8(ascii: expected) else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) -> SyntaxNode {
        guard let byte else { return .absent }
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            room -= 1
            guard depth < Self.depth, room > 0 else {
                passOver()
                return .absent
            }
            return byte == UInt8(ascii: "{") ? object(depth: depth + 1) : list(depth: depth + 1)
        case UInt8(ascii: "\""): return .text(text())
        default: return word()
        }
    }

    private mutating func object(depth: Int) -> SyntaxNode {
        var fields: [String: SyntaxNode] = [:]
        position += 1
        while let byte, byte != UInt8(ascii: "}") {
            guard byte == UInt8(ascii: "\"") else { return .absent }
            let key = text()
            guard take(":") else { return .absent }
            if Self.passedOver.contains(key) { passOver() } else { fields[key] = value(depth: depth) }
            guard take(",") || self.byte == UInt8(ascii: "}") else { return .absent }
        }
        position += 1
        return .object(fields)
    }

    private mutating func list(depth: Int) -> SyntaxNode {
        var items: [SyntaxNode] = []
        position += 1
        while let byte, byte != UInt8(ascii: "]") {
            items.append(value(depth: depth))
            guard take(",") || self.byte == UInt8(ascii: "]") else { return .absent }
        }
        position += 1
        return .list(items)
    }

    /// Goes behind a value without building it.
    private mutating func passOver() {
        var open = 0
        while let byte {
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["): open += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): open -= 1
            case UInt8(ascii: "\""):
                _ = text()
                if open == 0 { return }
                continue
            case UInt8(ascii: ",") where open == 0: return
            default: break
            }
            guard open >= 0 else { return }
            position += 1
            if open == 0, byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { return }
        }
    }

    private mutating func word() -> SyntaxNode {
        let start = position
        let ends: Set<UInt8> = [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]")]
        while let byte, !ends.contains(byte) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        switch word {
        case "true": return .flag(true)
        case "false": return .flag(false)
        default: return Int(word).map(SyntaxNode.number) ?? .absent
        }
    }

    private mutating func text() -> String {
        position += 1
        var result: [UInt8] = []
        while let byte, byte != UInt8(ascii: "\"") {
            position += 1
            guard byte == UInt8(ascii: "\\"), let escaped = self.byte else {
                result.append(byte)
                continue
            }
            position += 1
            switch escaped {
            case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "t"): result.append(UInt8(ascii: "\t"))
            case UInt8(ascii: "r"): result.append(UInt8(ascii: "\r"))
            case UInt8(ascii: "b"): result.append(8)
            case UInt8(ascii: "f"): result.append(12)
            case UInt8(ascii: "u"):
                // Written for control characters and angle brackets only: never a surrogate.
                let end = min(position + 4, bytes.count)
                let digits = String(decoding: bytes[position..<end], as: UTF8.self)
                position = end
                if let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) {
                    result.append(contentsOf: Character(scalar).utf8)
                }
            default: result.append(escaped)
            }
        }
        position += 1
        return String(decoding: result, as: UTF8.self)
    }
}
