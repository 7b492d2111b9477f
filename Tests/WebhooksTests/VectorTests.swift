import Foundation
import Testing

@testable import Webhooks

@Suite("What forges and standards publish about their signatures")
struct VectorTests {
    @Test("GitHub's own example is genuine")
    func github() {
        let headers = [
            "X-Hub-Signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        ]
        let source = WebhookSource.of(.github, "It's a Secret to Everybody")
        #expect(source.accepts(headers, "Hello, World!"))
        #expect(source.refusal(headers, "Hello, World") == .wrong)
    }

    @Test("The example of Standard Webhooks is genuine, for a GitLab with a signing token")
    func standardWebhooks() {
        let headers = [
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ]
        let body = #"{"test": 2432232314}"#
        let source = WebhookSource.of(.gitlab, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        let sent = Date(timeIntervalSince1970: 1_614_265_330)
        #expect(source.accepts(headers, body, at: sent))
        #expect(source.refusal(headers, body, at: sent + 301) == .outsideWindow)
    }

    @Test("Gitee's rule gives the signature of its example")
    func gitee() {
        let headers = [
            "X-Gitee-Timestamp": "1576754827988", "X-Gitee-Token": "2D978FIy4DMMTbiN80zQkNH1Eq/kMBt3gL6OnWfGzzY=",
        ]
        let source = WebhookSource.of(.gitee, "this is secret")
        let sent = Date(timeIntervalSince1970: 1_576_754_827.988)
        #expect(source.accepts(headers, at: sent))
        let encoded = [
            "X-Gitee-Timestamp": "1576754827988",
            "X-Gitee-Token": "2D978FIy4DMMTbiN80zQkNH1Eq%2FkMBt3gL6OnWfGzzY%3D",
        ]
        #expect(source.accepts(encoded, at: sent), "as its page says that it sends it")
        #expect(source.key(headers, at: sent) == source.key(encoded, at: sent))
    }
}
