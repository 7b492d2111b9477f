import Diagnostics
import Foundation

/// GitLab: its signing token where the secret is one, else the secret token that it sends along.
enum GitLabSignature {
    static func proof(of delivery: WebhookDelivery, source: WebhookSource, now: Date) -> WebhookProof {
        let signing = source.secrets.filter { $0.reveal().begins(with: StandardSignature.secretPrefix) }
        let tokens = source.secrets.filter { !$0.reveal().begins(with: StandardSignature.secretPrefix) }
        // A signature covers the body, so where there is one it decides, and the token is not looked at.
        if !signing.isEmpty, tokens.isEmpty || delivery.headers["webhook-signature"] != nil {
            return StandardSignature.proof(of: delivery, secrets: signing, source: source, now: now)
        }
        guard let token = delivery.only("X-Gitlab-Token") else { return .refused(.missing) }
        guard SharedToken.isOne(of: tokens, token) else { return .refused(.wrong) }
        return .genuine(.content(token, delivery.body, source: source))
    }
}
