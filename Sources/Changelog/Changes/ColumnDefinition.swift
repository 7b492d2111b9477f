import Diagnostics

/// A `column` element: of a table, an index, a row.
struct ColumnDefinition: Sendable {
    var name: String
    var type: String?
    /// The value of a row, or what existing rows get; nil when none is written.
    var value: SQLValue?
    /// A file whose content is the value: its path, and whether it holds bytes.
    var valueFile: (path: String, isBinary: Bool)?
    /// The encoding of that file; nil for UTF-8.
    var encoding: String?
    var defaultValue: SQLValue?
    var isComputed: Bool
    var isDescending: Bool
    var isAutoIncrement: Bool
    var startWith: String?
    var incrementBy: String?
    var generationType: String?
    var remarks: String?
    var constraints: ColumnConstraints?

    init(from decoder: inout ChangeDecoder) {
        name = decoder.string("name") ?? ""
        isComputed = decoder.boolean("computed") ?? false
        type = decoder.string("type")
        isAutoIncrement = decoder.boolean("autoIncrement") ?? false
        startWith = decoder.integer("startWith")
        incrementBy = decoder.integer("incrementBy")
        remarks = decoder.string("remarks")
        isDescending = decoder.boolean("descending") ?? false
        _ = decoder.boolean("included")
        encoding = decoder.string("encoding")
        generationType = decoder.string("generationType")
        _ = decoder.boolean("defaultOnNull")
        _ = decoder.string("defaultValueConstraintName")
        _ = decoder.string("afterColumn")
        _ = decoder.string("beforeColumn")
        _ = decoder.integer("position")
        value = decoder.value()
        defaultValue = decoder.defaultValue()
        if decoder.node["defaultValueNumeric"] == "GENERATED_BY_DEFAULT" {
            isAutoIncrement = true
            decoder.record("autoIncrement", .text("true"))
        }
        if let path = decoder.string("valueClobFile") { valueFile = (path, false) }
        if let path = decoder.string("valueBlobFile") { valueFile = (path, true) }
        constraints = nil
        if let node = decoder.element("constraints") {
            let (constraints, record) = decoder.nested(node) { ColumnConstraints(from: &$0) }
            self.constraints = constraints
            decoder.record("constraints", .object(record))
        }
    }

    /// The type with what PostgreSQL calls it; nil when none is written.
    var dataType: DataType? { type.map { DataType($0) } }

    /// `GENERATED … AS IDENTITY` with its options.
    var identityClause: String {
        let generation = generationType?.trimmedOrNil
        var options: [String] = []
        if let startWith, startWith != "1" { options.append("START WITH \(startWith)") }
        if let incrementBy, incrementBy != "1" { options.append("INCREMENT BY \(incrementBy)") }
        let suffix = options.isEmpty ? "" : " (\(options.joined(separator: " ")))"
        return "GENERATED \(generation ?? "BY DEFAULT") AS IDENTITY" + suffix
    }

    /// ` DEFAULT …`, or the author's own `GENERATED ALWAYS AS …`; empty when there is none.
    func defaultClause(_ dialect: SQLDialect) -> String {
        guard let defaultValue else { return "" }
        let text = defaultValue.literal(dialect, type: dataType)
        if case .expression(let expression) = defaultValue, expression.begins(with: "GENERATED ALWAYS ") {
            return " " + text
        }
        return " DEFAULT " + text
    }
}

extension ChangeDecoder {
    /// The columns of a change: its `column` elements, or those below `columns`. Some of their fields may be left out of
    /// the checksum.
    mutating func columns(required: Bool = true, unhashed: Set<String> = []) -> [ColumnDefinition] {
        var nodes: [ChangelogNode] = []
        for node in elements("columns") + elements("column") {
            // Either may hold a list of `column` elements, and is a column by itself when it does not.
            let inner = node.children(named: "column")
            nodes += inner.isEmpty ? [node] : inner
        }
        var columns: [ColumnDefinition] = []
        var records: [ChangeRecord] = []
        for node in nodes {
            let (column, record) = nested(node) { ColumnDefinition(from: &$0) }
            columns.append(column)
            records.append(record.without(unhashed))
        }
        if required, columns.isEmpty { report("at least one 'column' is required") }
        if required || !records.isEmpty { record("columns", .list(records)) }
        return columns
    }

    fileprivate mutating func value() -> SQLValue? {
        var found: SQLValue?
        if let text = string("value") ?? node.value?.trimmedOrNil {
            record("value", .text(text))
            found = .text(text)
        }
        let isTrue = boolean("valueBoolean")
        let numeric = number("valueNumeric", otherwise: "valueComputed")
        let date = self.date("valueDate", otherwise: "valueComputed", raw: "rawDateValue")
        let computed = string("valueComputed").map { SQLValue.expression($0) }
        let next = string("valueSequenceNext").map { SQLValue.nextValue(sequence: $0, schema: nil) }
        let current = string("valueSequenceCurrent").map { SQLValue.currentValue(sequence: $0, schema: nil) }
        found = found ?? isTrue.map { .boolean($0) } ?? numeric ?? date ?? computed ?? next ?? current
        return found
    }

    fileprivate mutating func defaultValue() -> SQLValue? {
        let text = string("defaultValue").map { SQLValue.text($0) }
        let isTrue = boolean("defaultValueBoolean").map { SQLValue.boolean($0) }
        let numeric = number("defaultValueNumeric", otherwise: "defaultValueComputed")
        let date = self.date("defaultValueDate", otherwise: "defaultValueComputed", raw: nil)
        let computed = string("defaultValueComputed").map { SQLValue.expression($0) }
        let next = string("defaultValueSequenceNext").map { SQLValue.nextValue(sequence: $0, schema: nil) }
        return text ?? isTrue ?? numeric ?? date ?? computed ?? next
    }

    /// A number; what is no number is an expression, and is recorded as one.
    mutating func number(_ field: String, otherwise computed: String) -> SQLValue? {
        guard let text = string(field, recorded: false), text.lowercased() != "null",
            text != "GENERATED_BY_DEFAULT"
        else { return nil }
        var bare = text
        if bare.begins(with: "(") {
            bare.removeFirst()
            if bare.ends(with: ")") { bare.removeLast() }
        }
        let digits = bare.begins(with: "-") ? bare.dropFirst() : bare[...]
        let isNumber = digits.utf8.first.map { (48...57).contains($0) } ?? false
        if isNumber || digits.begins(with: ".") && digits.dropFirst().first?.isNumber == true {
            record(field, .text(bare))
            return .number(bare)
        }
        let expression = field.begins(with: "default") ? bare : text
        record(computed, .text(expression))
        return .expression(expression)
    }

    /// A date, time or timestamp; what is none is an expression, and is recorded as one.
    mutating func date(_ field: String, otherwise computed: String, raw: String?) -> SQLValue? {
        guard let text = string(field, recorded: false) else { return nil }
        if let raw { record(raw, .text(text)) }
        if let iso = ISODate.normalized(text) {
            record(field, .text(iso))
            return .date(iso)
        }
        record(computed, .text(text))
        return .expression(text)
    }
}
