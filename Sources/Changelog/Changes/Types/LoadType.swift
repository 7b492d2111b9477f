import Diagnostics

/// How the values of a data file's column are understood.
enum LoadType: String {
    case boolean, numeric, date, datetime, time, string, computed, sequence, blob, clob, skip, uuid, other
    /// Nothing is known of the column: a value is a text, and an empty one is none.
    case unknown

    /// What an author wrote for empty values.
    struct Defaults: Sendable, Hashable {
        var text: String?
        var number: String?
        var boolean: Bool?
        var date: String?
        var expression: String?
    }

    /// As an author writes it. What is none of Liquibase's words says nothing.
    init(_ name: String) { self = Self(rawValue: name.lowercased()) ?? .unknown }

    /// As it follows from a column's type; nil for a column that is not there.
    init(column type: DataType?) {
        self =
            switch type?.kind {
            case .bigint, .int, .smallint, .tinyint, .mediumint, .decimal, .number, .double, .float, .currency: .numeric
            case .char, .varchar, .nchar, .nvarchar, .unknown: .string
            case .boolean: .boolean
            case .date, .datetime, .time, .timestamp: .date
            case .clob, .xml: .clob
            case .blob: .blob
            case .uuid: .uuid
            case .function: .computed
            case nil: .unknown
            }
    }

    /// A value of the file; nil for an empty one without default.
    func value(_ text: String?, defaults: Defaults, schema: String?) throws(ChangeFailure) -> SQLValue {
        switch self {
        case .boolean: return text.map { .boolean(Self.isTrue($0)) } ?? defaults.boolean.map { .boolean($0) } ?? .null
        case .numeric: return (text ?? defaults.number).map(Self.number) ?? .null
        case .date, .datetime, .time:
            guard let text, text.lowercased() != "null" else { return defaults.date.map(Self.date) ?? .null }
            return try relativeDate(text) ?? Self.date(text)
        case .string: return .text(text ?? "")
        case .computed: return (text ?? defaults.expression).map { .expression($0) } ?? .null
        case .sequence:
            guard let text else { throw ChangeFailure(message: "a column of type SEQUENCE names no sequence") }
            return .nextValue(sequence: text, schema: schema)
        case .blob, .clob, .uuid, .other, .unknown, .skip: return text.map { .text($0) } ?? .null
        }
    }

    private static func isTrue(_ text: String) -> Bool {
        let word = text.trimmingSpace.lowercased()
        return ["true", "t", "yes", "y"].contains(word) || (Int(word) ?? 0) > 0
    }

    private static func number(_ text: String) -> SQLValue {
        var bare = text
        if bare.begins(with: "(") {
            bare.removeFirst()
            if bare.ends(with: ")") { bare.removeLast() }
        }
        let digits = bare.begins(with: "-") ? bare.dropFirst() : bare[...]
        let isNumber = (digits.begins(with: ".") ? digits.dropFirst() : digits).first?.isNumber ?? false
        return isNumber ? .number(bare) : .expression(text)
    }

    private static func date(_ text: String) -> SQLValue {
        ISODate.normalized(text).map { .date($0) } ?? .expression(text)
    }

    /// `NOW`, `NOW+2h`, `TODAY-1`: Liquibase's words for times that are counted from the update; nil for others.
    private func relativeDate(_ text: String) throws(ChangeFailure) -> SQLValue? {
        let lower = text.lowercased()
        guard lower.begins(with: "now") || lower.begins(with: "today") else { return nil }
        let type = self == .datetime ? "TIMESTAMP" : rawValue.uppercased()
        guard lower != "now", lower != "today" else { return .expression("CAST(NOW() AS \(type))") }
        guard let match = lower.wholeMatch(of: /(now|today)([+-])([0-9]{1,9})([mhdy][a-z]*)?/)?.output,
            (match.1 == "now") == (match.4 != nil)
        else {
            throw ChangeFailure(message: "'\(text.limited(to: 40))' is no time that NOW or TODAY can be written as")
        }
        let units: [Character: String] = ["m": "minutes", "h": "hours", "d": "days", "y": "years"]
        let unit = match.4?.first.flatMap { units[$0] } ?? "days"
        return .expression("CAST(NOW() \(match.2) INTERVAL '\(match.3) \(unit)' AS \(type))")
    }
}
