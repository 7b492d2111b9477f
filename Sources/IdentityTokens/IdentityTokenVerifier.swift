public import AccessControl
import DesiredState
public import Diagnostics
public import Foundation
public import Logging

/// Verifies a provider's tokens. Its keys are fetched when they are needed first, again from time to time, and when a token
/// names one that is not known, as after the provider changed them; but however many such tokens come, not often.
public actor IdentityTokenVerifier: IdentityVerifier {
    /// Reads a document of the provider's.
    public typealias Documents = @Sendable (_ url: String) async throws -> [UInt8]

    /// After how long keys are fetched again.
    static let freshness: TimeInterval = 900
    /// How long keys are used when they cannot be fetched again.
    static let endurance: TimeInterval = 86_400
    /// How long to wait before they are fetched once more.
    static let pause: TimeInterval = 30

    private let provider: IdentityProvider
    private let documents: Documents
    private let now: @Sendable () -> Date
    private let logger: Logger
    private var known: (keys: KeySet, at: Date)?
    private var asked: Date?
    private var fetching: Task<KeySet, any Error>?

    /// Makes a verifier.
    /// - Parameter documents: Reads a document; must not reach addresses that may not be reached.
    public init(
        _ provider: IdentityProvider, documents: @escaping Documents, now: @escaping @Sendable () -> Date,
        logger: Logger
    ) {
        self.provider = provider
        self.documents = documents
        self.now = now
        self.logger = logger
    }

    /// Whom a token names, with their groups.
    /// - Throws: `AuthenticationFailure.wrong`, whatever is wrong with it; `identity.provider-unavailable` when there are no
    ///   keys to verify it with.
    public func identity(of token: Secret<String>) async throws -> (name: String, groups: [String]) {
        do {
            return try await judge(token)
        } catch let fault as TokenFault {
            logger.info("an identity token is not believed", metadata: ["reason": "\(fault)"])
            throw AuthenticationFailure.wrong
        }
    }

    /// The same, with the reason.
    func judge(_ token: Secret<String>) async throws -> (name: String, groups: [String]) {
        let parts = try CompactToken(token, allowing: provider.algorithms)
        // Who made it and for whom is looked at first: nobody else's token has us ask the provider for keys.
        let identity = try provider.identity(in: parts.claims, at: now())
        guard let key = try await key(parts.keyID, parts.algorithm) else {
            throw TokenFault.unsigned("its key is not the provider's")
        }
        do {
            try await key.verify(token)
        } catch {
            throw TokenFault.unsigned("its signature is wrong")
        }
        return identity
    }

    private func key(_ id: String, _ algorithm: SigningAlgorithm) async throws -> ProviderKey? {
        let time = now()
        if let known, time < known.at + Self.endurance, let key = known.keys.key(id, for: algorithm) {
            // Nobody waits for keys that are only to be looked at again.
            if time >= known.at + Self.freshness, mayAsk(time) { _ = fetch(time) }
            return key
        }
        if let fetching = fetching ?? (mayAsk(time) ? fetch(time) : nil) {
            do {
                return try await fetching.value.key(id, for: algorithm)
            } catch {
                logger.warning(
                    "the provider's keys cannot be read", metadata: ["error": "\(String(reflecting: error))"])
            }
        }
        guard let known, time < known.at + Self.endurance else {
            throw SluiceError(
                "identity.provider-unavailable", .transient, "the provider's keys cannot be read now",
                hint: "the controller's log says why", retryAfter: .seconds(Int64(Self.pause)))
        }
        return known.keys.key(id, for: algorithm)
    }

    private func mayAsk(_ time: Date) -> Bool { asked.map { time >= $0 + Self.pause } ?? true }

    private func fetch(_ time: Date) -> Task<KeySet, any Error> {
        asked = time
        let task = Task {
            defer { fetching = nil }
            let keys = try await read()
            known = (keys, now())
            return keys
        }
        fetching = task
        return task
    }

    private func read() async throws -> KeySet {
        let issuer = provider.issuer.ends(with: "/") ? String(provider.issuer.dropLast()) : provider.issuer
        let bytes = try await documents("\(issuer)/.well-known/openid-configuration")
        guard let text = String(validating: bytes, as: UTF8.self), let document = try? JSONValue(parsing: text),
            document["issuer"]?.string == provider.issuer, let place = document["jwks_uri"]?.string
        else {
            throw SluiceError(
                "identity.discovery-invalid", .transient,
                "the provider's discovery document is not that of \(provider.issuer)",
                hint: "the issuer is written exactly as the provider writes it")
        }
        return try KeySet(try await documents(place))
    }
}
