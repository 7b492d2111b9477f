/// Where tokens are kept.
public protocol TokenDirectory: Sendable {
    /// The token of an id, with the digest of its secret; nil when there is none.
    func token(_ id: String) async throws -> (token: AccessToken, digest: String)?
    /// Notes that a token was used, now.
    func noteUse(of id: String) async throws
}
