import Diagnostics

/// A column type as an author wrote it for some database, and what it is called on PostgreSQL.
///
/// Liquibase knows the names of many databases and maps them: `nvarchar(20)` is `VARCHAR(20)`, `datetime` is
/// `TIMESTAMP WITHOUT TIME ZONE`. A name that it does not know is a type of the database itself and is written in
/// capitals, as are its rules here.
public struct DataType: Sendable, Hashable {
    /// The families of types that are written alike.
    enum Kind: Sendable, Hashable {
        case bigint, blob, boolean, char, clob, currency, datetime, date, decimal, double, float, int, mediumint, nchar
        case nvarchar, number, smallint, time, timestamp, tinyint, uuid, varchar, xml, function, unknown
    }

    let kind: Kind
    /// The type's name without parameters, as written.
    let name: String
    let parameters: [String]
    /// What stands behind the name: `WITH TIME ZONE`, `UNSIGNED`.
    let suffix: String?
    /// The whole description as written.
    let description: String
    /// Whether the type itself makes the column number itself: `serial`, `bigserial`.
    public let isAutoIncrement: Bool

    /// Reads a type as an author writes it.
    public init(_ description: String) {
        var name = description
        if let (before, after) = Self.cutParentheses(name) { name = before + after }
        if let brace = name.unicodeScalars.firstIndex(of: "{"), brace != name.startIndex {
            name = String(name[..<brace]).trimmingSpace
        }
        var numbersItself = false
        if name.lowercased().ends(with: " identity") {
            name = String(name.lowercased().dropLast(" identity".count))
            numbersItself = true
        }
        name = Self.unquoted(name)
        var suffix: String?
        if !Self.twoWordNames.contains(where: name.lowercased().begins(with:)) {
            let words = name.trimmingSpace.split(maxSplits: 1, whereSeparator: \.isWhitespace)
            name = words.first.map(String.init) ?? ""
            suffix = words.count > 1 ? String(words[1]).trimmingSpace : nil
        }
        let kind = Self.kinds[name.lowercased()] ?? .unknown
        if kind == .unknown, name.uppercased().begins(with: "INTERVAL") { name = description }
        if [.int, .bigint, .smallint].contains(kind), description.lowercased().holds("serial") {
            numbersItself = true
        }
        self.kind = kind
        self.name = name
        self.suffix = suffix
        self.description = description
        parameters = Self.parameters(of: description, kind: kind)
        isAutoIncrement = numbersItself && [.int, .bigint, .smallint].contains(kind)
    }

    /// The type on PostgreSQL.
    public var sql: String {
        switch kind {
        case .bigint: joined("BIGINT", suffix)
        case .blob:
            description.lowercased().begins(with: "blob") || description == "java.sql.Types.BLOB" ? "OID" : "BYTEA"
        case .boolean: description.lowercased().begins(with: "bit") ? joined(call("BIT"), nil) : general("BOOLEAN")
        case .char: character("CHAR")
        case .varchar: character("VARCHAR")
        case .nchar: character("NCHAR")
        case .nvarchar: call("VARCHAR")
        case .clob: "TEXT"
        case .currency: "DECIMAL"
        case .date: "date"
        case .datetime: datetime
        case .decimal: general("DECIMAL")
        case .double: "DOUBLE PRECISION"
        case .float: description.lowercased() == "real" ? "REAL" : general("FLOAT")
        case .function: general("FUNCTION")
        case .int: "INTEGER"
        case .mediumint: general("MEDIUMINT")
        case .number: (parameters.first.flatMap(Int.init) ?? 0) > 1000 ? "numeric" : call("numeric")
        case .smallint, .tinyint: "SMALLINT"
        case .time: time
        case .timestamp: timestamp
        case .uuid: "UUID"
        case .xml: "XML"
        case .unknown: joined(call(name.uppercased(), parameters.prefix(unknownParameterLimit)), suffix)
        }
    }

    private var unknownParameterLimit: Int { ["enum", "set"].contains(name.lowercased()) ? .max : 2 }

    private var datetime: String {
        let zoned = description.lowercased().holds("tz") || description.lowercased().holds("with time zone")
        let precision = parameters.count == 2 ? parameters[1] : parameters.first
        return "TIMESTAMP" + (precision.map { "(\($0))" } ?? "") + (zoned ? " WITH TIME ZONE" : " WITHOUT TIME ZONE")
    }

    private var timestamp: String {
        if description.begins(with: "java.sql.Types.TIMESTAMP_WITH_TIMEZONE") { return base + " WITH TIME ZONE" }
        guard let suffix else { return datetime }
        let zone = suffix.uppercased().holds("TIMEZONE")
        return joined(base, zone ? suffix.uppercased().replacingAll("TIMEZONE", with: "TIME ZONE") : suffix)
    }

    private var base: String {
        parameters.first.map { "TIMESTAMP(\(min(6, Int($0) ?? 6)))" } ?? "TIMESTAMP"
    }

    private var time: String {
        let zoned = description.lowercased().holds("tz") || description.lowercased().holds("with time zone")
        let precision = parameters.first.map { "(\($0))" } ?? ""
        return "time" + precision + (zoned ? " WITH TIME ZONE" : " WITHOUT TIME ZONE")
    }

    private func character(_ name: String) -> String {
        guard parameters.count == 1, let parameter = parameters.first else { return general(name) }
        let length = Self.withoutCharUnit(parameter)
        return length == "2147483647" ? "CHARACTER VARYING" : joined("\(name)(\(length))", suffix)
    }

    private func general(_ name: String) -> String { joined(call(name), suffix) }

    private func call(_ name: String) -> String { call(name, parameters[...]) }

    private func call(_ name: String, _ parameters: ArraySlice<String>) -> String {
        parameters.isEmpty ? name : "\(name)(\(parameters.joined(separator: ", ")))"
    }

    private func joined(_ name: String, _ suffix: String?) -> String { suffix.map { "\(name) \($0)" } ?? name }
}
