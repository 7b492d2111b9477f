/// A code host: where candidates come from and where verdicts go.
public enum ForgeSpec: Hashable, Sendable {
    /// A folder of bare repositories on this machine.
    case local(LocalForgeSpec)
}

/// A folder of bare git repositories, for use without a code host.
public struct LocalForgeSpec: Hashable, Sendable {
    /// The absolute path of the folder; project `land` is the repository `land.git` in it.
    public let path: String

    /// Makes the spec of a folder.
    public init(path: String) { self.path = path }
}
