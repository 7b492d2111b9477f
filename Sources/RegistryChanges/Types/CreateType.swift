import Changelog

/// `createType`: an enumeration with its translations, or a composite type.
struct CreateType: Change {
    static let name = "createType"

    private enum Kind {
        case labels([(label: String, translation: String)])
        case columns([(name: String, type: String, collation: String?)])
    }

    private var type: String
    private var kind: Kind?

    init(from decoder: inout ChangeDecoder) {
        type = decoder.requiredName("name")
        let labels = decoder.element("asEnum")
        let columns = decoder.element("asComposite")
        if let labels {
            let (read, record) = decoder.nested(labels) { Self.labels(&$0) }
            if read.isEmpty { decoder.report("'asEnum' needs at least one 'label'") }
            decoder.record("asEnum", .object(record))
            kind = .labels(read)
        }
        if let columns {
            let (read, record) = decoder.nested(columns) { Self.columns(&$0) }
            if read.isEmpty { decoder.report("'asComposite' needs at least one 'column'") }
            decoder.record("asComposite", .object(record))
            // As the platform's own tool: with both, the enumeration is made.
            if kind == nil { kind = .columns(read) }
        }
        if kind == nil { decoder.report("'asEnum' or 'asComposite' is required") }
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        switch kind {
        case .labels(let labels):
            let list = labels.map { "'\($0.label)'" }.joined(separator: ", ")
            return ["CREATE TYPE \(type) as ENUM (\(list))"]
                + labels.flatMap { label in
                    [
                        MetadataSQL.insert("type", type, "label", label.label),
                        MetadataSQL.insert("label", type, label.label, label.translation),
                    ]
                }
        case .columns(let columns):
            let list = columns.map { column in
                "\(column.name) \(column.type)" + (column.collation.map { " COLLATE \"\($0)\"" } ?? "")
            }
            return ["CREATE TYPE \(type) as (\(list.joined(separator: ", ")))"]
        case nil: return []
        }
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? { DropType.statements(type) }

    private static func labels(_ decoder: inout ChangeDecoder) -> [(label: String, translation: String)] {
        var labels: [(label: String, translation: String)] = []
        var records: [ChangeRecord] = []
        for node in decoder.elements("label") {
            let (label, record) = decoder.nested(node) { decoder in
                let text = decoder.text(or: "label") ?? ""
                if text.isEmpty { decoder.report("a label has a text") }
                decoder.checkValue(text, in: "label")
                let translation = decoder.value("translation") ?? text
                decoder.record("label", .text(text))
                decoder.record("translation", .text(translation))
                return (label: text, translation: translation)
            }
            labels.append(label)
            records.append(record)
        }
        decoder.record("labels", .list(records))
        decoder.record("columns", .list([]))
        return labels
    }

    private static func columns(
        _ decoder: inout ChangeDecoder
    ) -> [(name: String, type: String, collation: String?)] {
        var columns: [(name: String, type: String, collation: String?)] = []
        var records: [ChangeRecord] = []
        for node in decoder.elements("column") {
            let (column, record) = decoder.nested(node) { decoder in
                (decoder.requiredName("name"), decoder.required("type"), decoder.string("collation"))
            }
            columns.append(column)
            records.append(record)
        }
        decoder.record("columns", .list(records))
        decoder.record("labels", .list([]))
        return columns
    }
}

/// `dropType`
struct DropType: Change {
    static let name = "dropType"

    private var type: String

    init(from decoder: inout ChangeDecoder) { type = decoder.requiredName("name") }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] { Self.statements(type) }

    static func statements(_ type: String) -> [SQLStatement] {
        ["DROP TYPE \(type)", MetadataSQL.delete("type", type), MetadataSQL.delete("label", type)]
    }
}
