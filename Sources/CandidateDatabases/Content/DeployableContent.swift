import Changelog
import ChangelogLint
import CommittedChangelog
import DesiredState
import PostgresClient

/// One of a registry's changelogs as of a commit: read, understood, and ready to be deployed into a database.
protocol DeployableContent: Sendable {
    /// What lint looks at, beside the same of what is deployed already; nil where there is no lint for it.
    func lintable(since base: CommitContent) throws -> (changelog: PreparedChangelog, base: PreparedChangelog?)?

    /// What lint looks at of a merge with the target branch; nil when there is no lint for it, or nothing is merged.
    func merge(into target: CommitContent, since base: CommitContent) throws -> ChangelogMerge?

    /// Deploys it by a login that may connect to one database, for as long as the deploy lasts.
    ///
    /// - Parameter attempts: Told what became of each changeset, where its engine knows changesets.
    /// - Returns: How many changesets ran, as far as its engine counts them.
    /// - Throws: an error of kind `stalled` when the content is at fault, of another kind when it is not; what looks as if
    ///   the server were at fault, and the content could bring about, as `DeployInterruption` judges it.
    func deploy(as login: PostgresConfiguration, noting attempts: DeployAttempts) async throws -> Int
}

/// What is deployed of a commit.
struct CommitContent: Sendable {
    /// The files at the watched paths.
    let source: CommitSource
    /// The files as a merge with the target branch would have them; nil when they are the same, or when it is not asked,
    /// or when the two cannot be merged.
    let merged: CommitSource?
}

extension GateRegistry {
    /// One of the registry's changelogs, for the engine that it names.
    func deployable(
        _ spec: ChangelogSpec, of content: CommitContent, in database: String
    ) throws -> any DeployableContent {
        guard let command = spec.command else {
            return try ChangelogContent(spec, of: self, content, in: database)
        }
        return try CommandContent(spec.path, command, of: self, content)
    }
}
