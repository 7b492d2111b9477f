import PostgresClient

/// Who holds the lock, in words for people who wait for it.
enum LockReport {
    /// A line for the row and one for each session that has to do with the lock; nil when nobody holds it.
    static func text(_ books: BooksLayout, on connection: PostgresConnection) async throws -> String? {
        let exists = "SELECT to_regclass(\(SQLValue.string(books.lockTableName))) IS NOT NULL"
        guard try await connection.execute(exists).single().bool(0) else { return nil }
        var lines: [String] = []
        var condition = "pid IN (\(books.advisoryHolders)) AND pid <> pg_backend_pid()"
        if let row = try await connection.execute(books.lockRow).first {
            let holder = try row.optionalString("lockedby") ?? "somebody"
            lines.append("held by \(holder)\(try age(row))")
            if let holder = LockHolder(holder) { condition = "(\(condition)) OR (\(holder.isSession))" }
        }
        let sessions = try await connection.execute(
            """
            SELECT pid, coalesce(application_name, '') AS name, coalesce(state, 'unknown') AS state, \
            left(regexp_replace(coalesce(query, ''), '\\s+', ' ', 'g'), 120) AS query, \
            floor(extract(epoch FROM now() - coalesce(xact_start, query_start)))::bigint AS age \
            FROM pg_catalog.pg_stat_activity WHERE \(condition) ORDER BY pid
            """)
        for row in sessions {
            let age = try row.optionalInt("age").map { " for \(Duration.seconds($0))" } ?? ""
            lines.append(
                "its session: pid \(try row.int("pid")) (\(try row.string("name"))), \(try row.string("state"))\(age): "
                    + (try row.string("query")))
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    private static func age(_ row: PostgresRow) throws -> String {
        guard let since = try row.optionalString("since") else { return "" }
        return " since \(since)" + (try row.optionalInt("age").map { " (\(Duration.seconds($0)))" } ?? "")
    }
}
