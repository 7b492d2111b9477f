/// What a commit's author wrote, as bytes: neither names nor messages need be text of any particular encoding.
public struct CommitText: Hashable, Sendable {
    /// The author's name.
    public let authorName: [UInt8]
    /// The author's address.
    public let authorEmail: [UInt8]
    /// When the change was written, in seconds since 1970.
    public let seconds: Int64
    /// How far the author's clock was ahead of UTC, in minutes.
    public let offset: Int
    /// The message, up to its first NUL.
    public let message: [UInt8]
    /// The encoding that the commit names; nil for UTF-8.
    public let encoding: String?

    /// Makes a text.
    public init(
        authorName: [UInt8], authorEmail: [UInt8], seconds: Int64, offset: Int, message: [UInt8],
        encoding: String? = nil
    ) {
        self.authorName = authorName
        self.authorEmail = authorEmail
        self.seconds = seconds
        self.offset = offset
        self.message = message
        self.encoding = encoding
    }
}
