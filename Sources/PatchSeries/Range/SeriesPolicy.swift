/// How the commits of a range become patches.
public enum SeriesPolicy: String, Hashable, Sendable, CaseIterable {
    /// What fits the history: one patch for each step of the branch itself where that leads from the cursor to the head,
    /// else one for each commit, else one for all.
    case automatic
    /// One patch for each step of the branch itself: a merge is one patch with all that it brought.
    case firstParent
    /// One patch for each commit that is no merge.
    case commits
    /// One patch for all.
    case squash

    /// The forms that are tried, the preferred one first. The last one always gives the head's tree.
    var forms: [SeriesForm] {
        switch self {
        case .automatic: [.firstParent, .commits, .squashed]
        case .firstParent: [.firstParent, .squashed]
        case .commits: [.commits, .firstParent, .squashed]
        case .squash: [.squashed]
        }
    }
}

/// The form that a series has.
public enum SeriesForm: String, Hashable, Sendable, Codable {
    /// One patch for each step of the branch itself.
    case firstParent
    /// One patch for each commit that is no merge.
    case commits
    /// One patch for all.
    case squashed
}
