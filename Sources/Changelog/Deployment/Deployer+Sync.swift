import PostgresClient

extension Deployer {
    /// Notes changesets as run without running them, in one transaction.
    ///
    /// - Returns: The changesets that were noted.
    @discardableResult
    public func sync(_ changelog: PreparedChangelog, _ extent: BooksSync.Extent) async throws -> [ChangeSet.Identity] {
        try await locked { lock in
            try await lock.requireConditions(of: changelog, on: connection)
            let sync = try BooksSync(changelog, books: lock.books, extent: extent, options: options)
            // One script without BEGIN is one transaction.
            try await lock.fence.execute(sync.statements.joined(separator: ";\n"), on: connection)
            return sync.changeSets.map(\.identity)
        }
    }

    /// Removes all checksums from the books, so that the next update notes today's.
    public func clearChecksums() async throws {
        try await locked { lock in
            try await lock.fence.execute("UPDATE \(options.books.tableName) SET MD5SUM = NULL", on: connection)
        }
    }

    /// Who holds the lock, a line for each of its traces; nil when nobody does. Nothing is changed.
    public func lockReport() async throws -> String? { try await LockReport.text(options.books, on: connection) }
}
