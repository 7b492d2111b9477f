import Crypto
import DesiredState
public import Diagnostics
public import Foundation
import NIOConcurrencyHelpers

/// Finds out who sends a request, by what it brings.
public final class Authenticator: Sendable {
    /// The ways in which somebody can prove who they are. What is nil is no way.
    public struct Methods: Sendable {
        /// The access token that the controller was started with.
        public var sharedToken: Secret<String>?
        /// The token that the controller leaves where only its own account finds it.
        public var localToken: Secret<String>?
        /// Where tokens are kept that people made.
        public var tokens: (any TokenDirectory)?
        /// The file of passwords, read each time.
        public var passwords: (@Sendable () throws -> PasswordFile)?
        /// Who vouches for people.
        public var identities: (any IdentityVerifier)?
        /// Whether who brings nothing may look at everything.
        public var isReadOpen = false

        /// Makes a choice of none.
        public init() {}
    }

    /// How long a token is believed without being looked up again: as long as a revoked one may still work.
    public static let memory: TimeInterval = 5

    private struct Remembered {
        let subject: Subject
        let until: Date
    }

    private let methods: Methods
    private let verifier = PasswordVerifier()
    private let claimKey = SymmetricKey(size: .bits256)
    private let now: @Sendable () -> Date
    private let remembered = NIOLockedValueBox<[String: Remembered]>([:])

    /// Makes an authenticator.
    public init(_ methods: Methods, now: @escaping @Sendable () -> Date) {
        self.methods = methods
        self.now = now
    }

    /// Whether a name and a password can prove anything, for whoever asks what to bring.
    public var takesPasswords: Bool { methods.passwords != nil }

    /// Who brings this.
    /// - Parameter address: From where; nil when that is not known.
    /// - Returns: Who they are; ``Subject/anonymous(_:)`` when nothing is brought and that is enough to look.
    /// - Throws: ``AuthenticationFailure``, or why it cannot be found out now.
    public func subject(of credentials: Credentials?, from address: String? = nil) async throws -> Subject {
        switch credentials {
        case nil:
            guard methods.isReadOpen else { throw AuthenticationFailure.missing }
            return .anonymous(.viewer)
        case .unreadable: throw AuthenticationFailure.wrong
        case .bearer(let token): return try await subject(ofToken: token)
        case .password(let user, let password):
            guard let passwords = methods.passwords else { throw AuthenticationFailure.wrong }
            let claim = PasswordVerifier.Claim(user, password, from: address)
            guard try await verifier.verify(claim, at: now(), in: passwords) else { throw AuthenticationFailure.wrong }
            return Subject(user, proof: .password)
        }
    }

    /// What credentials say of themselves, whether it is true or not: a name that there is, or the id of a token. No
    /// secret: people put tokens and passwords where the name belongs, so that of a name that nobody has there is only a
    /// digest, the same for the same name until the process ends.
    public func claim(of credentials: Credentials) -> String? {
        switch credentials {
        case .bearer(let token): return TokenSecret(token)?.id
        case .unreadable: return nil
        case .password(let user, _):
            if let token = TokenSecret(Secret(user)) { return token.id }
            if let file = try? methods.passwords?(), file.hashes[user] != nil { return user }
            let code = HMAC<SHA256>.authenticationCode(for: Data(user.utf8), using: claimKey)
            return "unknown:" + code.prefix(6).hexadecimal
        }
    }

    private func subject(ofToken token: Secret<String>) async throws -> Subject {
        // Compared in a time that tells nothing.
        if let shared = methods.sharedToken, shared == token { return .sharedToken }
        if let local = methods.localToken, local == token { return .local }
        if let secret = TokenSecret(token) { return try await subject(of: secret) }
        if let identities = methods.identities {
            let (name, groups) = try await identities.identity(of: token)
            guard !Subject.isReserved(name) else { throw AuthenticationFailure.wrong }
            return Subject(name, groups: Set(groups), proof: .identity)
        }
        throw AuthenticationFailure.wrong
    }

    private func subject(of secret: TokenSecret) async throws -> Subject {
        let digest = secret.digest
        let time = now()
        if let known = remembered.withLockedValue({ $0[digest] }), time < known.until { return known.subject }
        guard let tokens = methods.tokens, let found = try await tokens.token(secret.id),
            Secret(found.digest) == Secret(digest), found.token.isValid(at: time)
        else { throw AuthenticationFailure.wrong }
        try await tokens.noteUse(of: secret.id)
        let token = found.token
        let subject = Subject(
            token.subject, groups: Set(token.groups), proof: .token, scopes: token.scopes, credential: token.id,
            expires: token.expiresAt)
        remembered.withLockedValue { all in
            if all.count >= 1_000 { all = all.filter { time < $0.value.until } }
            if all.count >= 10_000 { all.removeAll() }
            all[digest] = Remembered(
                subject: subject, until: min(time.addingTimeInterval(Self.memory), token.expiresAt))
        }
        return subject
    }
}
