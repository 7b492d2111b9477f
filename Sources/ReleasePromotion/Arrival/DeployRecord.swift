import DesiredState
public import GitClient

/// What r10k leaves in an environment after a deploy, in `.r10k-deploy.json`.
public struct DeployRecord: Hashable, Sendable {
    /// The control repository's commit that was deployed; the key `signature`.
    public var commit: ObjectID
    /// Whether r10k calls the deploy a success; where it does not say, the record itself does.
    public var isSuccess: Bool

    /// Makes a record.
    public init(commit: ObjectID, isSuccess: Bool = true) {
        self.commit = commit
        self.isSuccess = isSuccess
    }

    /// The most bytes of a record: a few hundred modules are 50 KB.
    public static let limit = 1 << 20

    /// Reads a record; nil when it is none, or says no commit of git's.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.limit, let text = String(validating: bytes, as: UTF8.self),
            let value = try? JSONValue(parsing: text),
            let commit = value["signature"]?.string.flatMap({ ObjectID(exactly: $0) })
        else { return nil }
        self.init(commit: commit, isSuccess: value["deploy_success"] != .bool(false))
    }
}
