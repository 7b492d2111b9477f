/// A commit as it stands in the object database. All texts are whatever its author wrote.
public struct GitCommit: Hashable, Sendable {
    /// The commit's own id.
    public let id: ObjectID
    /// Its tree.
    public let tree: ObjectID
    /// Its parents, the first one being the branch it was made on.
    public let parents: [ObjectID]
    /// Who wrote the change.
    public let author: GitSignature
    /// Who made this commit of it.
    public let committer: GitSignature
    /// The whole message.
    public let message: String

    /// The first line of the message.
    public var subject: String {
        String(message.drop(while: \.isWhitespace).prefix { $0 != "\n" && $0 != "\r\n" })
    }
}
