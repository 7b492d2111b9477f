/// Whose word is taken about people: an OpenID provider, and what of its tokens is believed.
///
/// This room finds out whom a provider's token names. It must not know what they may do, nor who asks: no roles, no
/// resources, no requests to us.
public struct IdentityProvider: Sendable {
    /// The issuer, exactly as it stands in its tokens. Its discovery document is below it.
    public let issuer: String
    /// Whom tokens must be meant for: one of these.
    public let audiences: [String]
    /// How tokens may be signed.
    public var algorithms: [SigningAlgorithm] = [.rs256, .es256]
    /// The claim with the name of the user. An `email` counts only when the provider says that it was verified.
    public var userClaim = "sub"
    /// The claim with the groups.
    public var groupsClaim = "groups"
    /// What names of users and groups begin with here, so that they cannot be mistaken for others'.
    public var prefix = ""
    /// By how much the provider's clock may differ from ours, in seconds.
    public var clockSkew = 60.0

    /// Makes a provider.
    public init(issuer: String, audiences: [String]) {
        self.issuer = issuer
        self.audiences = audiences
    }
}

/// How tokens may be signed: with keys that have a public half, and nothing else.
public enum SigningAlgorithm: String, Sendable, CaseIterable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"

    /// The type of its keys, and their curve where they have one.
    var key: (type: String, curve: String?) {
        switch self {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: ("RSA", nil)
        case .es256: ("EC", "P-256")
        case .es384: ("EC", "P-384")
        case .es512: ("EC", "P-521")
        case .edDSA: ("OKP", "Ed25519")
        }
    }
}
