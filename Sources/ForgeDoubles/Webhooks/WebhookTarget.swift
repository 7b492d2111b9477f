/// Who is told of events, and how they know that it was us.
package struct WebhookTarget: Hashable, Sendable, Codable {
    /// How a delivery is proved.
    package enum Proof: String, Hashable, Sendable, Codable {
        /// By the host's best way: GitHub's and Gitee's signatures, GitLab's secret in clear, nothing on Gerrit.
        case usual
        /// The other way there is: GitLab's signing token, Gitee's password in clear.
        case other
    }

    package var url: String
    package var secret: String
    package var proof: Proof
    /// Whether events wait until ``WebhookSender/release(copies:shuffledBy:)``.
    package var isHeld: Bool

    package init(url: String, secret: String, proof: Proof = .usual, isHeld: Bool = false) {
        self.url = url
        self.secret = secret
        self.proof = proof
        self.isHeld = isHeld
    }

    private enum Key: String, CodingKey { case url, secret, proof, isHeld = "held" }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            url: try values.decode(String.self, forKey: .url),
            secret: try values.decodeIfPresent(String.self, forKey: .secret) ?? "",
            proof: try values.decodeIfPresent(Proof.self, forKey: .proof) ?? .usual,
            isHeld: try values.decodeIfPresent(Bool.self, forKey: .isHeld) ?? false)
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(url, forKey: .url)
        try values.encode(proof, forKey: .proof)
        try values.encode(isHeld, forKey: .isHeld)
    }
}
