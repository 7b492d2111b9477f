import Diagnostics

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
    /// The fields, each name once. They are few, so that looking through them is faster than a table.
    private var fields: [Field<Value>] = []
    /// Fields that are described and do not count for the checksum.
    private var described: [Field<String>] = []

    private struct Field<Content: Sendable & Hashable>: Sendable, Hashable {
        let name: String
        var value: Content
    }

    /// Makes an empty record.
    public init(name: String = "") { self.name = name }

    /// The value of a field; nil when there is none.
    public subscript(field: String) -> Value? { fields.first { $0.name == field }?.value }

    /// A field; nil removes nothing and adds nothing.
    public mutating func set(_ field: String, _ value: Value?) {
        guard let value else { return }
        if let index = fields.firstIndex(where: { $0.name == field }) {
            fields[index].value = value
        } else {
            fields.append(Field(name: field, value: value))
        }
    }

    /// A field of text; nil adds nothing. One that is not `hashed` is only described.
    public mutating func set(_ field: String, _ text: String?, hashed: Bool = true) {
        guard !hashed else { return set(field, text.map(Value.text)) }
        guard let text else { return }
        described.removeAll { $0.name == field }
        described.append(Field(name: field, value: text))
    }

    /// The record without some fields.
    func without(_ names: Set<String>) -> ChangeRecord {
        guard !names.isEmpty else { return self }
        var record = self
        record.fields.removeAll { names.contains($0.name) }
        return record
    }

    /// The change in a few words, as it goes into the books: its name, and the names it deals with.
    public var description: String {
        var texts = described.filter { one in !fields.contains { $0.name == one.name && $0.value.text != nil } }
        texts += fields.compactMap { one in one.value.text.map { Field(name: one.name, value: $0) } }
        let names = texts.compactMap { one -> String? in
            let lower = one.name.lowercased()
            let isName = lower.ends(with: "name") && !lower.holds("schema") && !lower.holds("catalog")
            return isName || lower == "path" ? "\(one.name)=\(one.value)" : nil
        }.sorted(by: Self.utf16Order)
        return names.isEmpty ? name : "\(name) \(names.joined(separator: ", "))"
    }

    /// The record with what is only described as fields that count, as they did in version 8 for views and procedures.
    func countingEverything(_ more: [String: String]) -> ChangeRecord {
        var record = self
        for one in described { record.set(one.name, .text(one.value)) }
        for (field, text) in more { record.set(field, .text(text)) }
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
        var lines = fields.map { one -> String in
            let field = one.name
            return switch one.value {
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
        lines.sort(by: Self.utf16Order)
        var text = "[\n"
        for (index, line) in lines.enumerated() where index == 0 || !line.utf8.elementsEqual(lines[index - 1].utf8) {
            text += line
            text += "\n"
        }
        return text + closing
    }

    private static func list(_ items: [String], indent: Int) -> String {
        guard !items.isEmpty else { return "[]" }
        let space = String(repeating: " ", count: 4 * indent)
        let closing = String(repeating: " ", count: 4 * (indent - 1)) + "]"
        return "[\n" + items.map { space + $0 }.joined(separator: ",\n") + "\n" + closing
    }

    /// The order of Java's strings. It is that of the bytes of UTF-8, but for what lies beyond 16 bits: that stands before
    /// the last characters within them, whose first byte is 0xEE or 0xEF.
    private static func utf16Order(_ left: String, _ right: String) -> Bool {
        guard let (a, b) = zip(left.utf8, right.utf8).first(where: { $0 != $1 }) else {
            return left.utf8.count < right.utf8.count
        }
        return a >= 0xEE && b >= 0xEE && (a >= 0xF0) != (b >= 0xF0) ? a > b : a < b
    }
}

extension ChangeRecord.Value {
    fileprivate var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
}
