extension Deployer {
    /// The text of what an update would send now. Nothing is changed; the catalogs are asked where that decides the text.
    public func script(_ changelog: PreparedChangelog) async throws -> String {
        try await UpdateScript(changelog, books: try await readBooks(), options: options, connection: connection).text
    }

    /// The text of what a rollback would send now.
    ///
    /// - Throws: `SluiceError` `changelog.unknown-tag`, `changelog.rollback-impossible`.
    public func rollbackScript(_ changelog: PreparedChangelog, to target: RollbackTarget) async throws -> String {
        try await RollbackScript(
            changelog, books: try await readBooks(), to: target, options: options, connection: connection
        ).text
    }

    /// The text that takes back what an update would run now, where it stops included.
    ///
    /// - Throws: `SluiceError` `changelog.unknown-tag`, `changelog.rollback-impossible`.
    public func futureRollbackScript(_ changelog: PreparedChangelog) async throws -> String {
        try await RollbackScript(
            future: changelog, books: try await readBooks(), options: options, connection: connection
        ).text
    }

    /// The text that notes changesets as run.
    public func syncScript(_ changelog: PreparedChangelog, _ extent: BooksSync.Extent) async throws -> String {
        try await BooksSync.script(changelog, books: try await readBooks(), extent: extent, options: options)
    }
}
