import Diagnostics
import Foundation
import IdentityTokens
import Logging
import OutboundHTTP

/// An OpenID provider's documents, read over the one way out to other people's hosts.
struct ProviderDocuments: Sendable {
    let client: OutboundClient

    /// What verifies a provider's tokens.
    func verifier(of provider: IdentityProvider, logger: Logger) -> IdentityTokenVerifier {
        IdentityTokenVerifier(provider, documents: { try await read($0) }, now: { Date() }, logger: logger)
    }

    private func read(_ url: String) async throws -> [UInt8] {
        let answer = try await client.send(
            OutboundRequest(.get, try OutboundURL(url), headers: [("Accept", "application/json")]))
        guard answer.status == 200, answer.body.count <= 1 << 20 else {
            throw SluiceError(
                "identity.provider-unavailable", .transient, "the provider answers with HTTP status \(answer.status)",
                detail: url)
        }
        return answer.body
    }
}
