public import UpstreamTracking

/// Upstreams as the items of patch-tracking, for clients of that tool.
public protocol TrackingDesk: Sendable {
    /// All items, in the order of their resources' names, with these.
    func items() async throws -> [(name: String, item: TrackingItem)]

    /// The issues that upstreams have, with the names of these.
    func issues() async throws -> [(name: String, issue: TrackedIssue)]

    /// The Forge of an item's package.
    func forge(of item: TrackingItem) async throws -> String

    /// The upstream that an item is, or will be, and whether it is there.
    func upstream(of item: TrackingItem) async throws -> (name: String, isThere: Bool)

    /// The upstreams of a package, those of one branch when it is named.
    func upstreams(repo: String, branch: String?) async throws -> [String]

    /// Brings an item into force: what the package and branch follow becomes this.
    func put(_ item: TrackingItem, by user: String) async throws

    /// Takes an upstream out.
    func remove(_ name: String, by user: String) async throws
}

/// An issue of an upstream.
public struct TrackedIssue: Hashable, Sendable {
    /// Its id on the code host.
    public let issue: String
    /// The package's repository.
    public let repo: String
    /// The package's branch.
    public let branch: String

    /// Makes an issue.
    public init(issue: String, repo: String, branch: String) {
        self.issue = issue
        self.repo = repo
        self.branch = branch
    }
}
