import Diagnostics

extension DataType {
    /// A text as the default of a column of this type.
    func literal(text: String) -> String {
        if text.lowercased() == "null", kind != .blob { return kind == .unknown ? "'null'" : "NULL" }
        switch kind {
        case .boolean: return boolean(text)
        case .char, .varchar, .nchar, .nvarchar, .date, .time: return SQLValue.string(text)
        case .clob: return text.begins(with: "'") ? text : SQLValue.string(text)
        case .datetime, .timestamp: return text.ends(with: "()") ? text : SQLValue.string(text)
        case .blob, .unknown: return "'\(text)'"
        case .xml: return "xml \(SQLValue.string(text))"
        case .bigint, .int, .mediumint, .smallint, .tinyint: return Self.withoutZeroFraction(text)
        case .currency, .decimal, .double, .float, .number, .function, .uuid: return text
        }
    }

    /// A number as the default of a column of this type.
    func literal(number: String) -> String {
        switch kind {
        case .boolean: ["1", "1.0"].contains(number) ? "TRUE" : "FALSE"
        case .char, .varchar, .nchar, .nvarchar, .clob: SQLValue.string(number)
        case .unknown, .blob: kind == .unknown ? "'\(Self.withoutZeroFraction(number))'" : number
        default: Self.withoutZeroFraction(number)
        }
    }

    private func boolean(_ text: String) -> String {
        switch text.replacingAll("'", with: "").lowercased() {
        case "true", "1", "b1", "t": "TRUE"
        case "false", "0", "b0", "f": "FALSE"
        default: "b'\(text.filter { $0 == "0" || $0 == "1" })'::\"bit\""
        }
    }

    /// `1.00` is `1`: Liquibase's way with whole numbers.
    private static func withoutZeroFraction(_ number: String) -> String {
        guard let point = number.unicodeScalars.lastIndex(of: ".") else { return number }
        let fraction = number[number.index(after: point)...]
        return !fraction.isEmpty && fraction.allSatisfy { $0 == "0" } ? String(number[..<point]) : number
    }
}
