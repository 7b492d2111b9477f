/// The code hosts that a double can speak like.
package enum ForgeType: String, Sendable, Codable, CaseIterable {
    /// Changes and patch sets; votes on labels.
    case gerrit
    /// Merge requests; statuses of commits and labels.
    case gitlab
    /// Pull requests; statuses of commits and check runs.
    case github
    /// Pull requests; labels and comments.
    case gitee

    /// Where the head of a candidate is fetched from. Gerrit's has a patch set instead of `head`.
    func headReference(of number: Int, revision: Int) -> String {
        switch self {
        case .gerrit:
            // rest-api-changes.txt: the last two digits of the number, padded, come first.
            "refs/changes/\(number % 100 < 10 ? "0" : "")\(number % 100)/\(number)/\(revision)"
        case .gitlab: "refs/merge-requests/\(number)/head"
        case .github, .gitee: "refs/pull/\(number)/head"
        }
    }
}
