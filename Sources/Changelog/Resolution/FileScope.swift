import Diagnostics

/// What a changelog file knows of itself and of the files above it while it is resolved.
struct FileScope {
    /// The path as asked of the source.
    var path: String
    /// The path as Liquibase would store it for changesets of this file without any logical path.
    var storedPath: String
    var format: ChangelogFormat
    /// The `logicalFilePath` of the changelog as it is written; nil when there is none.
    var logicalPath: String?
    /// The logical path that include gives to changesets without an own one: the nearest of this file and those above,
    /// or else the one written at the include. Nil in the root.
    var includedPath: String?
    /// The nearest logical path of the files above.
    var logicalPathAbove: String?
    /// Contexts of this changelog, of its include and of those above, nearest first.
    var contexts: [String] = []
    /// Labels of its include and of those above, nearest first.
    var labels: [String] = []
    /// The include says `ignore`. It holds for the changesets of the included file only, not for what that includes.
    var isIgnored = false
    /// `runWith` of a `modifyChangeSets` around the include.
    var runWith: String?
    var quoting: ChangeSet.QuotingStrategy = .legacy
    /// Attributes that `removeChangeSetProperty` takes from the columns of this file's `addColumn` changes.
    var removedFromAddColumn: Set<String> = []
    /// The keys of local properties that are seen from here, nearest first.
    var propertyKeys: [String] = []
    var depth = 0

    /// The path of changesets that have no own logical path, before any include has its say.
    var filePath: String {
        guard let logicalPath else { return storedPath }
        let path = logicalPath.replacingAll("\\", with: "/")
        return path.begins(with: "/") ? String(path.dropFirst()) : path
    }
}
