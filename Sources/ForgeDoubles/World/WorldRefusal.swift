package import GitClient

/// Why the world does not do what was asked. Each wire says it in its host's own words.
package enum WorldRefusal: Error, Sendable {
    case noProject(String)
    case noCandidate(String)
    case noIssue(String)
    case noComment
    case noBranch(String)
    case noCommit(String)
    case noFile(String)
    case branchExists(String)
    case branchProtected(String)
    case duplicateCandidate(Int)
    case nothingToMerge(source: String, target: String)
    /// The candidate's head is not the one that was named.
    case headMoved(expected: String, head: ObjectID?)
    case conflicts([String])
    case notOpen(StoredCandidate.State)
    case notMergeable(String)
    case fileMoved(String)
    case fileExists(String)
    case invalid(String)
    case unauthorized(String)
    case forbidden(String)
}
