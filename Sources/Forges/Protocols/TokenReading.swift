/// What the token is that we come with, for whoever looks after it. Nothing is decided by it: the host itself refuses a
/// token that has ended or may not do enough.
public protocol TokenReading: ForgeConnection {
    /// What the host says of our token; nil when it says nothing of tokens, or nothing of those of this kind.
    /// - Throws: `forge.access-denied`, `forge.answer-malformed`, and what the client throws.
    func token() async throws -> ForgeToken?
}

extension TokenReading {
    /// Says nothing. Gitee does not tell of tokens, Gerrit lists an account's tokens without saying which of them, or
    /// whether its password, was used, and a folder has none.
    public func token() async throws -> ForgeToken? { nil }
}
