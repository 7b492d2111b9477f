/// What a change was decoded to, field by field: the text that its checksum is made of, and its description.
///
/// Two changelogs that mean the same in XML and YAML have the same record, so they have the same checksum. Fields stand
/// in the order of their serialised lines, not in the author's.
public struct ChangeRecord: Sendable, Hashable {
    /// A field's value.
    public indirect enum Value: Sendable, Hashable {
        /// A text, number or truth value.
        case text(String)
        /// An object without a name, such as a column's constraints.
        case object(ChangeRecord)
        /// Objects in the author's order.
        case list([ChangeRecord])
        /// Texts in the author's order.
        case texts([String])
    }

    /// The change's name; empty for what is nested in it.
    public let name: String
    /// The fields by name.
    public private(set) var fields: [String: Value] = [:]
    /// Fields that are described and do not count for the checksum.
    private var described: [String: String] = [:]

    /// Makes an empty record.
    public init(name: String = "") { self.name = name }

    /// A field; nil removes nothing and adds nothing.
    public mutating func set(_ field: String, _ value: Value?) {
        if let value { fields[field] = value }
    }

    /// A field of text; nil adds nothing. One that is not `hashed` is only described.
    public mutating func set(_ field: String, _ text: String?, hashed: Bool = true) {
        guard !hashed else { return set(field, text.map(Value.text)) }
        if let text { described[field] = text }
    }

    /// The record without some fields.
    func without(_ names: Set<String>) -> ChangeRecord {
        guard !names.isEmpty else { return self }
        var record = self
        record.fields = fields.filter { !names.contains($0.key) }
        return record
    }

    /// The change in a few words, as it goes into the books: its name, and the names it deals with.
    public var description: String {
        var texts = described
        for (field, value) in fields {
            if case .text(let text) = value { texts[field] = text }
        }
        let names = texts.compactMap { field, text -> String? in
            let lower = field.lowercased()
            let isName = lower.hasSuffix("name") && !lower.contains("schema") && !lower.contains("catalog")
            return isName || lower == "path" ? "\(field)=\(text)" : nil
        }.sorted(by: Self.utf16Order)
        return names.isEmpty ? name : "\(name) \(names.joined(separator: ", "))"
    }

    /// The record with what is only described as fields that count, as they did in version 8 for views and procedures.
    func countingEverything(_ more: [String: String]) -> ChangeRecord {
        var record = self
        for (field, text) in described.merging(more, uniquingKeysWith: { $1 }) { record.fields[field] = .text(text) }
        return record
    }

    /// The text whose digest is the change's checksum.
    public var serialized: String {
        let text = name + ":" + serialized(indent: 1)
        guard text.utf8.contains(UInt8(ascii: "\r")) else { return text }
        return text.replacingAll("\r\n", with: "\n").replacingAll("\r", with: "\n")
    }

    private func serialized(indent: Int) -> String {
        let space = String(repeating: " ", count: 4 * indent)
        let lines = fields.map { field, value -> String in
            switch value {
            case .text(let text): "\(space)\(field)=\"\(text)\""
            case .object(let record): space + record.serialized(indent: indent + 1)
            case .list(let records):
                "\(space)\(field)=" + Self.list(records.map { $0.serialized(indent: indent + 2) }, indent: indent + 1)
            case .texts(let texts): "\(space)\(field)=" + Self.list(texts, indent: indent + 1)
            }
        }
        let closing = String(repeating: " ", count: 4 * (indent - 1)) + "]"
        guard !lines.isEmpty else { return "[" + closing }
        // Equal lines are one line: Liquibase collects them in a set.
        return "[\n" + Set(lines).sorted(by: Self.utf16Order).joined(separator: "\n") + "\n" + closing
    }

    private static func list(_ items: [String], indent: Int) -> String {
        guard !items.isEmpty else { return "[]" }
        let space = String(repeating: " ", count: 4 * indent)
        let closing = String(repeating: " ", count: 4 * (indent - 1)) + "]"
        return "[\n" + items.map { space + $0 }.joined(separator: ",\n") + "\n" + closing
    }

    private static func utf16Order(_ left: String, _ right: String) -> Bool {
        left.utf16.lexicographicallyPrecedes(right.utf16)
    }
}
