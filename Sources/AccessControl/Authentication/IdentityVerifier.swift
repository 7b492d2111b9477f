public import Diagnostics

/// Who vouches for people by tokens of their own making.
public protocol IdentityVerifier: Sendable {
    /// Whom a token names, with their groups. Throws when it does not prove that.
    func identity(of token: Secret<String>) async throws -> (name: String, groups: [String])
}
