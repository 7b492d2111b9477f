import Diagnostics
import PostgresClient

/// What goes when the newest version of the schema is taken back.
public struct SchemaLoss: Sendable, Hashable {
    /// The table.
    public let table: String
    /// The column that goes; nil when the table does.
    public let column: String?
    /// How many rows the table holds, or say something in the column.
    public let rows: Int64

    /// What it means for who goes on working; nil when the rows say it all.
    public var consequence: String? {
        guard column == nil else { return nil }
        return switch table.words(at: ".").last {
        case "installation":
            "the installation gets another id when it comes back, and servers that it has claimed refuse it for up to 20"
                + " minutes; and nothing is known any more of its having been several people's"
        case "audit_log": "the audit log begins again with record 1: export it before (sluice audit export)"
        default: nil
        }
    }
}

extension StateStore {
    /// What ``downgrade(whileInUse:)`` would drop: the tables and columns that only the newest version has. Changes
    /// nothing.
    ///
    /// - Throws: `store.schema-too-new`, `store.first-schema`.
    public func downgradeLosses() async throws -> [SchemaLoss] { try await downgradeLosses(of: .current) }

    func downgradeLosses(of schema: StateSchema) async throws -> [SchemaLoss] {
        let status = try await schemaStatus(for: schema)
        guard status.version <= schema.version else { throw SchemaRefusal.tooNew(status) }
        guard status.version > 1 else { throw SchemaRefusal.first }
        var losses: [SchemaLoss] = []
        for table in schema.tables(of: status.version) {
            guard try await pool.query("SELECT to_regclass($1) IS NOT NULL", [table]).single().bool(0) else { continue }
            let rows = try await pool.query("SELECT count(*) FROM \(table)").single().int64(0)
            losses.append(SchemaLoss(table: table, column: nil, rows: rows))
        }
        let tables = losses.map(\.table)
        for (table, column) in schema.columns(of: status.version) where !tables.contains(table) {
            let filled = try await pool.query(
                """
                SELECT coalesce(pg_get_expr(d.adbin, d.adrelid), 'NULL') AS silence FROM pg_attribute AS a
                LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                WHERE a.attrelid = to_regclass($1) AND a.attname = $2 AND NOT a.attisdropped
                """, [table, column])
            guard let silence = try filled.first?.string("silence") else { continue }
            let rows = try await pool.query(
                "SELECT count(*) FROM \(table) WHERE \(column) IS DISTINCT FROM \(silence)"
            ).single().int64(0)
            losses.append(SchemaLoss(table: table, column: column, rows: rows))
        }
        return losses
    }
}

extension StateSchema {
    /// The tables that a version brought, with their schema.
    func tables(of version: Int) -> [String] {
        versions.filter { $0.number == version }.flatMap { version in
            version.changesets.matches(of: /CREATE TABLE (sluice\.[a-z_]+)/).map { String($0.1) }
        }
    }

    /// The columns that a version brought to tables, with the tables.
    func columns(of version: Int) -> [(table: String, column: String)] {
        versions.filter { $0.number == version }.flatMap { version in
            version.changesets.matches(of: /ALTER TABLE (sluice\.[a-z_]+)([^;]*);/).flatMap { alteration in
                alteration.2.matches(of: /ADD COLUMN ([a-z_]+)/).map { (String(alteration.1), String($0.1)) }
            }
        }
    }
}
