/// What a text without quotes means.
///
/// The rules are the core schema of YAML 1.2. What YAML 1.1 reads otherwise (`no`, `017`, `12:30`, `2026-01-31`) is
/// told apart, so that it is refused with a reason: half of the tools in the world would read another value than its
/// author meant.
enum PlainScalar: Equatable {
    /// `null`, `~` or nothing at all.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// `yes`, `no`, `on`, `off`, `y`, `n`: a truth value in YAML 1.1, a text in YAML 1.2.
    case legacyBool(Bool)
    /// A decimal number that fits 64 bits.
    case integer(Int)
    /// Any other decimal number.
    case number
    /// Octal, hexadecimal, binary, with underscores, or sixty to the power of hours: versions disagree on the value.
    case ambiguousNumber
    /// A date, which YAML 1.1 makes a point in time of.
    case date
    /// A text in every version.
    case text

    init(_ text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .bool(true)
        case "false", "False", "FALSE": self = .bool(false)
        case "yes", "Yes", "YES", "on", "On", "ON", "y", "Y": self = .legacyBool(true)
        case "no", "No", "NO", "off", "Off", "OFF", "n", "N": self = .legacyBool(false)
        case ".inf", ".Inf", ".INF", "+.inf", "-.inf", ".nan", ".NaN", ".NAN": self = .number
        default: self = text.utf8.count > 64 ? .text : Self.number(of: text)
        }
    }

    private static func number(of text: String) -> PlainScalar {
        let unsigned = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
        guard let first = unsigned.utf8.first, isDigit(first) || first == UInt8(ascii: ".") else { return .text }
        if unsigned.utf8.allSatisfy(isDigit) {
            if unsigned.utf8.count > 1, first == UInt8(ascii: "0") { return .ambiguousNumber }
            return Int(text).map { .integer($0) } ?? .number
        }
        if unsigned.wholeMatch(of: /([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?/) != nil { return .number }
        if unsigned.wholeMatch(of: /0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*(\.[0-9_]*)?/) != nil {
            return .ambiguousNumber
        }
        if unsigned.wholeMatch(of: /[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?/) != nil { return .ambiguousNumber }
        if text.wholeMatch(of: /[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?/) != nil { return .date }
        return .text
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}
