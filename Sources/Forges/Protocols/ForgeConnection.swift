public import Diagnostics

/// What every forge says of itself.
public protocol ForgeConnection: Sendable {
    /// The name by which the desired state calls this forge, for messages.
    var name: String { get }

    /// What can be asked of it. Anything else ends in `forge.not-supported`, stalled, before a request is made.
    var capabilities: Set<ForgeCapability> { get }

    /// Who we are there. The host is asked once and the answer kept for as long as the credentials stay the same.
    /// - Throws: `forge.access-denied` when the token is not accepted.
    func account() async throws -> ForgeAccount
}

/// Something that not every code host can do.
public enum ForgeCapability: String, Hashable, Sendable, CaseIterable {
    /// Earlier revisions of a candidate can be listed, not only the present one.
    case revisionHistory
    /// Merge requests can be opened between two branches.
    case openMergeRequests
    /// The title and the text of a merge request can be changed.
    case editMergeRequests
    /// Merge requests and issues can have labels.
    case labels
    /// People can be asked to review a merge request.
    case reviewers
    /// There are issues.
    case issues
    /// A commit can have statuses of several contexts.
    case commitStatuses
    /// A comment can be changed after it was made. Where it cannot, a changed text is a new comment.
    case editComments
}

/// An account on a forge.
public struct ForgeAccount: Hashable, Sendable {
    /// The host's own id of the account, which stays when it is renamed.
    public let id: String
    /// The name it goes by.
    public let name: String

    /// Makes an account. The name is cut to one line of at most 200 characters.
    public init(id: String, name: String) {
        self.id = id
        self.name = SingleLine.of(name, limit: 200)
    }
}

extension ForgeConnection {
    /// Makes sure that the forge can do something.
    /// - Throws: `forge.not-supported`.
    public func require(_ capability: ForgeCapability) throws(SluiceError) {
        guard capabilities.contains(capability) else { throw notSupported(capability) }
    }

    /// The error of what the forge cannot do.
    func notSupported(_ capability: ForgeCapability) -> SluiceError {
        SluiceError(
            "forge.not-supported", .stalled, "the forge \(name) cannot do that: \(capability.rawValue)",
            hint: "docs/reference/kinds/forge.md lists what each type of forge can do")
    }
}
