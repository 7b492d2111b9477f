import Diagnostics

/// What a statement makes, for the kinds of statement that one other statement takes back.
///
/// With `IF NOT EXISTS` or `OR REPLACE` it is not known whether the statement has made the thing, so those are none.
struct StatementEffect: Sendable, Hashable {
    /// What was made, such as `table public.parcel`, for people.
    var object: String
    /// The statement that takes it back.
    var inverse: String
    /// A query whose answer is true while it is there.
    var presence: String

    /// Looks at a statement; nil when nothing is known of it.
    init?(_ text: String) {
        if let index = IndexStatement(text) {
            guard !index.isConditional else { return nil }
            self.init(index: index)
            return
        }
        var head = StatementHead(text)
        if head.take("create") {
            self.init(creation: &head)
        } else if head.take("alter", "table") {
            self.init(alteration: &head, text)
        } else {
            return nil
        }
    }

    private init(index: IndexStatement) {
        let name = Self.qualified(index.name, beside: index.table)
        object = "index \(name)"
        inverse = "DROP INDEX \(index.isConcurrent ? "CONCURRENTLY IF EXISTS " : "")\(name)"
        presence = Self.isRelation(name)
    }

    private init?(creation head: inout StatementHead) {
        _ = head.take("unlogged")
        for kind in ["table", "sequence", "view", "materialized view", "schema", "type", "domain"] {
            let words = kind.words(at: " ").map(String.init)
            let isTaken = words.count == 2 ? head.take(words[0], words[1]) : head.take(words[0])
            guard isTaken else { continue }
            guard !head.take("if"), !head.take("authorization"), let name = head.takeName() else { return nil }
            object = "\(kind) \(name)"
            inverse = "DROP \(kind.uppercased()) \(name)"
            presence =
                switch kind {
                case "schema": "SELECT to_regnamespace(\(SQLValue.string(name))) IS NOT NULL"
                case "type", "domain": "SELECT to_regtype(\(SQLValue.string(name))) IS NOT NULL"
                default: Self.isRelation(name)
                }
            return
        }
        return nil
    }

    private init?(alteration head: inout StatementHead, _ text: String) {
        _ = head.take("only")
        guard let table = head.takeName(), head.take("add"), Self.isOneAction(text) else { return nil }
        let relation = "attrelid = to_regclass(\(SQLValue.string(table)))"
        if head.take("constraint") {
            guard let name = head.takeName() else { return nil }
            object = "constraint \(name) of \(table)"
            inverse = "ALTER TABLE \(table) DROP CONSTRAINT \(name)"
            presence = """
                SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE con\(relation.dropFirst("att".count)) \
                AND conname = (parse_ident(\(SQLValue.string(name))))[1])
                """
            return
        }
        let isNamed = head.take("column")
        // `IF NOT EXISTS`, or a constraint whose name the server chooses.
        let others = isNamed ? ["if"] : ["if", "primary", "unique", "foreign", "check", "exclude"]
        guard let name = head.takeName(), !others.contains(name.lowercased()) else { return nil }
        object = "column \(table).\(name)"
        inverse = "ALTER TABLE \(table) DROP COLUMN \(name)"
        presence = """
            SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE \(relation) AND NOT attisdropped \
            AND attname = (parse_ident(\(SQLValue.string(name))))[1])
            """
    }

    /// Whether an `ALTER TABLE` does one thing only: no comma stands outside of parentheses.
    private static func isOneAction(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var depth = 0
        for token in SQLTokenizer(bytes) where token.kind == .symbol {
            switch bytes[token.range.lowerBound] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: ","): if depth == 0 { return false }
            default: continue
            }
        }
        return true
    }

    /// An index stands in the schema of its table.
    private static func qualified(_ index: String, beside table: String) -> String {
        guard let point = table.unicodeScalars.lastIndex(of: ".") else { return index }
        return "\(table[..<point]).\(index)"
    }

    private static func isRelation(_ name: String) -> String {
        "SELECT to_regclass(\(SQLValue.string(name))) IS NOT NULL"
    }
}
