public import Foundation

/// What the look at a delivery's proof gives.
public enum WebhookProof: Hashable, Sendable {
    /// It is genuine, and this is what repeats of it have in common.
    case genuine(DeliveryKey)
    /// It is not, or cannot be told to be. The sender learns no reason; the log does.
    case refused(Refusal)

    /// Why a delivery is not believed.
    public enum Refusal: String, Hashable, Sendable, CaseIterable {
        /// There is no source of that name.
        case unknownSource = "no such source"
        /// The source has no secret.
        case noSecret = "the source has no secret"
        /// A header that the scheme needs is not there, or is there more than once.
        case missing = "the signature is missing, or there are several"
        /// A header is there and has not the form that the scheme gives it.
        case malformed = "the signature has not the form of the scheme"
        /// The proof was made with another secret, or of something else.
        case wrong = "the signature does not fit"
        /// The proof was made too long ago, or is of the future.
        case outsideWindow = "the time of the signature is not within five minutes"
    }
}

extension WebhookSource {
    /// How far the time of a signature may be from ours, in seconds, either way.
    public static let window = 300

    /// Says whether a delivery is this source's own.
    ///
    /// The bytes are looked at as they came, before anything is read from them. Comparisons take the same time whatever
    /// is compared, and all secrets are tried even when the first fits.
    /// - Parameter now: The time, for schemes whose signature has one.
    public func proof(of delivery: WebhookDelivery, now: Date) -> WebhookProof {
        guard !secrets.isEmpty else { return .refused(.noSecret) }
        return switch scheme {
        case .github: GitHubSignature.proof(of: delivery, source: self)
        case .gitlab: GitLabSignature.proof(of: delivery, source: self, now: now)
        case .gitee: GiteeToken.proof(of: delivery, source: self, now: now)
        case .gerrit: SharedToken.proof(of: delivery, source: self)
        }
    }

    /// Whether a time in seconds since 1970 is near enough to now.
    static func isWithinWindow(_ seconds: Int64, now: Date) -> Bool {
        let now = now.timeIntervalSince1970
        return abs(Double(seconds) - now) <= Double(window)
    }
}
