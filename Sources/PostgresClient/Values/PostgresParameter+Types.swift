public import Foundation

extension PostgresValue: PostgresParameter {
    /// Itself.
    public var postgresValue: PostgresValue { self }
}

extension String: PostgresParameter {
    /// Its text form.
    public var postgresValue: PostgresValue { .text(self) }
}

extension Substring: PostgresParameter {
    /// Its text form.
    public var postgresValue: PostgresValue { .text(String(self)) }
}

extension Int: PostgresParameter {
    /// Its text form.
    public var postgresValue: PostgresValue { .text(String(self)) }
}

extension Int32: PostgresParameter {
    /// Its text form.
    public var postgresValue: PostgresValue { .text(String(self)) }
}

extension Int64: PostgresParameter {
    /// Its text form.
    public var postgresValue: PostgresValue { .text(String(self)) }
}

extension Bool: PostgresParameter {
    /// Its text form.
    public var postgresValue: PostgresValue { .text(self ? "true" : "false") }
}

extension Double: PostgresParameter {
    /// Its text form.
    public var postgresValue: PostgresValue {
        guard isFinite else { return .text(isNaN ? "NaN" : self < 0 ? "-Infinity" : "Infinity") }
        return .text(String(self))
    }
}

extension UUID: PostgresParameter {
    /// Its text form.
    public var postgresValue: PostgresValue { .text(uuidString) }
}

extension Date: PostgresParameter {
    /// A `timestamptz`, to the microsecond.
    public var postgresValue: PostgresValue { .text(TimestampText.format(self)) }
}

extension Optional: PostgresParameter where Wrapped: PostgresParameter {
    /// The value, or NULL.
    public var postgresValue: PostgresValue { self?.postgresValue ?? .null }
}

extension Array: PostgresParameter where Element: PostgresArrayElement {
    /// `bytea` for bytes, an array for everything else.
    public var postgresValue: PostgresValue { Element.postgresValue(of: self) }
}

/// A type of which arrays may be parameters.
public protocol PostgresArrayElement: Sendable {
    /// The array as it travels to the server.
    static func postgresValue(of array: [Self]) -> PostgresValue
}

extension UInt8: PostgresArrayElement {
    /// A `bytea`.
    public static func postgresValue(of array: [UInt8]) -> PostgresValue { .bytes(array) }
}

extension String: PostgresArrayElement {
    /// An array in its text form.
    public static func postgresValue(of array: [String]) -> PostgresValue { .text(ArrayText.format(array)) }
}

extension Int: PostgresArrayElement {
    /// An array in its text form.
    public static func postgresValue(of array: [Int]) -> PostgresValue {
        .text("{" + array.map(String.init).joined(separator: ",") + "}")
    }
}

extension Int64: PostgresArrayElement {
    /// An array in its text form.
    public static func postgresValue(of array: [Int64]) -> PostgresValue {
        .text("{" + array.map(String.init).joined(separator: ",") + "}")
    }
}
