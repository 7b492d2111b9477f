public import Foundation

/// A type that can be read from PostgreSQL's text form of a value.
public protocol PostgresDecodable: Sendable {
    /// The value a text means; nil when it means none.
    init?(postgresText: UnsafeRawBufferPointer)
    /// What messages call a value of the type, with its article.
    static var postgresTypeDescription: String { get }
}

extension String: PostgresDecodable {
    /// What messages call it.
    public static var postgresTypeDescription: String { "a valid UTF-8 text" }
    /// Reads the text form.
    public init?(postgresText bytes: UnsafeRawBufferPointer) {
        self.init(validating: bytes, as: UTF8.self)
    }
}

extension PostgresDecodable where Self: FixedWidthInteger {
    /// What messages call it.
    public static var postgresTypeDescription: String { "a whole number of \(bitWidth) bits" }
    /// Reads the text form.
    public init?(postgresText bytes: UnsafeRawBufferPointer) {
        guard let text = String(postgresText: bytes) else { return nil }
        self.init(text)
    }
}

extension Int: PostgresDecodable {}
extension Int32: PostgresDecodable {}
extension Int64: PostgresDecodable {}

extension Double: PostgresDecodable {
    /// What messages call it.
    public static var postgresTypeDescription: String { "a number" }
    /// Reads the text form.
    public init?(postgresText bytes: UnsafeRawBufferPointer) {
        guard let text = String(postgresText: bytes) else { return nil }
        self.init(text)
    }
}

extension Bool: PostgresDecodable {
    /// What messages call it.
    public static var postgresTypeDescription: String { "a boolean" }
    /// Reads the text form.
    public init?(postgresText bytes: UnsafeRawBufferPointer) {
        switch String(postgresText: bytes) {
        case "t", "true": self = true
        case "f", "false": self = false
        default: return nil
        }
    }
}

extension Date: PostgresDecodable {
    /// What messages call it.
    public static var postgresTypeDescription: String { "a finite timestamp with time zone" }
    /// Reads the text form.
    public init?(postgresText bytes: UnsafeRawBufferPointer) {
        guard let text = String(postgresText: bytes), let date = TimestampText.parse(text) else { return nil }
        self = date
    }
}

extension UUID: PostgresDecodable {
    /// What messages call it.
    public static var postgresTypeDescription: String { "a UUID" }
    /// Reads the text form.
    public init?(postgresText bytes: UnsafeRawBufferPointer) {
        guard let text = String(postgresText: bytes) else { return nil }
        self.init(uuidString: text)
    }
}

extension Array: PostgresDecodable where Element: PostgresDecodableElement {
    /// What messages call it.
    public static var postgresTypeDescription: String { Element.postgresArrayDescription }
    /// Reads the text form.
    public init?(postgresText bytes: UnsafeRawBufferPointer) {
        guard let array = Element.array(postgresText: bytes) else { return nil }
        self = array
    }
}

/// A type of which arrays can be read.
public protocol PostgresDecodableElement: Sendable {
    /// The array a text means; nil when it means none.
    static func array(postgresText: UnsafeRawBufferPointer) -> [Self]?
    /// What messages call such an array, with its article.
    static var postgresArrayDescription: String { get }
}

extension UInt8: PostgresDecodableElement {
    /// What messages call it.
    public static var postgresArrayDescription: String { "a bytea" }
    /// Reads the text form.
    public static func array(postgresText bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        guard bytes.count >= 2, bytes.count.isMultiple(of: 2), bytes.starts(with: "\\x".utf8) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / 2 - 1)
        var digits = bytes.dropFirst(2).makeIterator()
        while let high = digits.next(), let low = digits.next() {
            guard let high = high.hexDigit, let low = low.hexDigit else { return nil }
            result.append(high << 4 | low)
        }
        return result
    }

    /// What it means as a digit of a hexadecimal number; nil for another letter.
    private var hexDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension String: PostgresDecodableElement {
    /// What messages call it.
    public static var postgresArrayDescription: String { "a one-dimensional array without nulls" }
    /// Reads the text form.
    public static func array(postgresText bytes: UnsafeRawBufferPointer) -> [String]? {
        guard let text = String(postgresText: bytes), let elements = ArrayText.parse(text) else { return nil }
        let present = elements.compactMap(\.self)
        return present.count == elements.count ? present : nil
    }
}
