/// What our account may do with a project, for whoever looks into why something does not work. Nothing is decided by it: the
/// host itself refuses what is not allowed.
public protocol RightsReading: ForgeConnection {
    /// What the host says of our account in a project.
    /// - Throws: `forge.project-missing`, `forge.access-denied`.
    func rights(in project: ProjectRef) async throws -> ProjectRights
}

/// Something that can be done with a project. The words are for people.
public enum ProjectRight: String, Hashable, Sendable, CaseIterable {
    /// See it, its candidates and its content.
    case read
    /// Give the verdict in the host's own form, with a comment.
    case verdicts = "give verdicts"
    /// Push branches, open merge requests and merge them.
    case write = "push and merge"
}

/// What our account may do with a project.
public struct ProjectRights: Hashable, Sendable {
    /// What the host says of each right; what it does not tell is missing.
    public let granted: [ProjectRight: Bool]
    /// The host's own word for how much that is, such as `Developer`; nil when it has none.
    public let level: String?

    /// Makes rights.
    public init(_ granted: [ProjectRight: Bool], level: String? = nil) {
        self.granted = granted
        self.level = level
    }
}
