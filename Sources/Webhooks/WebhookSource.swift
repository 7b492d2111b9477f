public import Diagnostics

/// Somebody who may send webhooks: a forge of desired state, with how it proves who it is.
///
/// This room holds what can be said of a webhook without a network, a database or a clock: whether it is genuine
/// (``WebhookProof``), what it is a repeat of (``DeliveryKey``), and what it hints at (``WebhookHint``). Everything is a
/// pure function of bytes. It must not know who is told afterwards, nor what a registry is.
public struct WebhookSource: Sendable {
    /// Its name in the address: `/hooks/<name>`.
    public let name: String
    /// How it proves who it is.
    public let scheme: WebhookScheme
    /// The secrets that count at present. While one is exchanged for another, both do.
    public let secrets: [Secret<String>]
    /// Why some of its secrets cannot be read, each in a sentence. What they would prove is refused.
    public let unreadable: [String]

    /// Makes a source. Without secrets nothing that it sends is genuine.
    public init(name: String, scheme: WebhookScheme, secrets: [Secret<String>], unreadable: [String] = []) {
        self.unreadable = unreadable
        self.name = name
        self.scheme = scheme
        self.secrets = secrets
    }
}

/// How a kind of forge proves that a webhook is its own.
public enum WebhookScheme: String, Sendable, Hashable, CaseIterable {
    /// `X-Hub-Signature-256`: an HMAC over the body.
    case github
    /// Standard Webhooks for secrets that begin with `whsec_`, which signs body, id and time; else `X-Gitlab-Token`,
    /// the secret itself.
    case gitlab
    /// `X-Gitee-Token`: the secret itself, or an HMAC over the time. Neither covers the body.
    case gitee
    /// Nothing: Gerrit's plugin proves nothing. The address carries a token, `/hooks/<name>/<token>`, or a proxy sets
    /// `X-Sluice-Token`.
    case gerrit
}
