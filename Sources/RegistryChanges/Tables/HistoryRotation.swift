import Changelog
import Diagnostics

/// What new columns of a table do to its table of past states.
///
/// The first time that a changelog file adds columns to a table in one run, the table of past states goes to the schema
/// `archive` and a new one takes its place, which begins with the last state of each row. Later times in the same run
/// the columns are added to the new one. Which time it is, and how often it has happened before, is known in the
/// database only, so it is decided there, in one block.
struct HistoryRotation: Sendable {
    private let table: String
    private let place: String
    private let counts: Bool
    private let contexts: RuntimeContexts
    /// `createTable` with nothing but the new columns: the source of their definitions.
    private let definitions: DecodedChange?
    /// `addColumn` for the table of past states.
    private let additions: DecodedChange?

    /// Prepares what a change of columns does.
    ///
    /// - Parameters:
    ///   - change: `addColumn` as Liquibase knows it.
    ///   - table: The table.
    ///   - counts: Whether a later change in the run comes second to this one.
    init(adding change: ChangelogNode, to table: String, _ decoder: inout ChangeDecoder, counts: Bool) {
        self.table = table
        self.counts = counts
        contexts = decoder.context.overview.contexts
        place = "\(decoder.context.file) \(table)"
        let columns = HistoryTable.columns(of: change).map(Self.pastColumn)
        let past = ChangelogNode(
            name: "tableName", value: HistoryTable.pastName(table), location: change.location)
        let schema = change.children.filter { $0.isNamed("schemaName") }
        // A new table takes over no default but a text, as the platform's own tool has it.
        let defined = columns.map { $0.without(Self.lostDefaults) }
        definitions = decoder.standard(
            ChangelogNode(name: "createTable", children: [past] + defined, location: change.location))
        additions = decoder.standard(
            ChangelogNode(name: "addColumn", children: [past] + schema + columns, location: change.location))
    }

    /// The block.
    ///
    /// - Parameters:
    ///   - dialect: How names are written.
    ///   - condition: A condition under which nothing is done at all; nil for none.
    ///   - first: Statements that come before.
    func block(
        _ dialect: SQLDialect, unless condition: String? = nil, first: [SQLStatement] = []
    ) throws -> SQLStatement {
        let past = dialect.qualified(HistoryTable.pastName(table), schema: nil)
        let bareName = HistoryTable.pastName(table)
        let grants = AccessSQL.table(bareName, isPast: true, contexts).map { "    \($0.text);" }
        let additions = try (additions?.change.statements(dialect) ?? []).map { "        \($0.text);" }
        let filling =
            contexts.names.contains("sub")
            ? [] : ["    EXECUTE format('CALL p_init_new_hist_table(%L, %L)', archived, \(literal(bareName)));"]
        let note =
            counts ? ["    PERFORM set_config('sluice.histories', noted || run || chr(10), false);"] : []
        let opening =
            (condition.map { ["    IF \($0) THEN", "        RETURN;", "    END IF;"] } ?? [])
            + first.map { "    \($0.text);" }
        let lines =
            [
                "DECLARE",
                "    run text := coalesce(current_setting('sluice.run', true), '') || \(literal(" " + place));",
                "    noted text := coalesce(current_setting('sluice.histories', true), '');",
                "    archived text := \(literal(bareName + "__"));",
                "    columns text;",
                "    keys text := '';",
                "    key record;",
                "BEGIN",
            ] + opening + [
                "    IF run = ANY (string_to_array(noted, chr(10))) THEN"
            ] + additions + ["        RETURN;", "    END IF;"]
            + [
                "    archived := archived || (SELECT count(*) FROM pg_catalog.pg_tables",
                "        WHERE schemaname = 'archive' AND tablename LIKE \(literal(table + "__%")));",
                "    SELECT string_agg(concat_ws(' ', quote_ident(a.attname),",
                "            format_type(a.atttypid, CASE t.typname WHEN 'bpchar' THEN a.atttypmod END),",
                "            'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), CASE WHEN a.attnotnull THEN 'NOT NULL' END),",
                "            ', ' ORDER BY a.attnum) INTO columns",
                "        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid",
                "            LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum",
                "        WHERE a.attrelid = \(literal(past))::regclass AND a.attnum > 0 AND NOT a.attisdropped;",
                "    FOR key IN",
                "        SELECT c.conname, (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.place)",
                "                FROM unnest(c.conkey) WITH ORDINALITY k (number, place)",
                "                JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number) AS columns",
                "            FROM pg_catalog.pg_constraint c",
                "            WHERE c.conrelid = \(literal(past))::regclass AND c.contype = 'u' ORDER BY c.conname",
                "    LOOP",
                "        EXECUTE format('ALTER TABLE \(quoted(past)) DROP CONSTRAINT %I', key.conname);",
                "        keys := keys || format(', CONSTRAINT %I UNIQUE (%s)', key.conname, key.columns);",
                "    END LOOP;",
                "    EXECUTE format('ALTER TABLE \(quoted(past)) RENAME TO %I', archived);",
                "    EXECUTE \(literal("CREATE TABLE \(past) (")) || columns",
                "        || \(literal(try newColumns(past, dialect))) || keys || ')';",
            ] + grants + filling + ["    EXECUTE format('ALTER TABLE %I SET SCHEMA archive', archived);"] + note
            + ["END"]
        return MetadataSQL.block(lines.joined(separator: "\n"))
    }

    /// `, email TEXT, hired_at date NOT NULL`
    private func newColumns(_ past: String, _ dialect: SQLDialect) throws -> String {
        let opening = "CREATE TABLE \(past) ("
        guard let text = try definitions?.change.statements(dialect).first?.text, text.begins(with: opening) else {
            return ""
        }
        return ", " + text.dropFirst(opening.count).dropLast()
    }

    /// What a column of the past states keeps: no keys, no references.
    private static func pastColumn(_ column: ChangelogNode) -> ChangelogNode {
        var past = column.without([
            "autoIncrement", "startWith", "incrementBy", "generationType", "constraints", "value",
        ])
        past.name = "column"
        past.children.removeAll { $0.name.begins(with: "value") }
        guard let constraints = column.child("constraints"), constraints["nullable"]?.lowercased() == "false" else {
            return past
        }
        let kept = constraints.children.filter { ["nullable", "notNullConstraintName"].contains($0.name) }
        return past.replacing(
            "constraints", [ChangelogNode(name: "constraints", children: kept, location: constraints.location)])
    }

    private static let lostDefaults: Set<String> = [
        "defaultValueNumeric", "defaultValueDate", "defaultValueBoolean", "defaultValueComputed",
        "defaultValueSequenceNext",
    ]

    private func literal(_ text: String) -> String { MetadataSQL.literal(text) }

    /// A text inside a format string inside a literal.
    private func quoted(_ text: String) -> String {
        text.replacingAll("'", with: "''").replacingAll("%", with: "%%")
    }
}
