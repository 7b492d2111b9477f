import Diagnostics
import Foundation
import Testing

@testable import Webhooks

private let body = #"{"ref":"refs/heads/master"}"#
private let secret = "correct horse battery staple"
private let signing = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

@Suite("Whether a webhook is genuine")
struct ProofTests {
    private static let github = WebhookSource.of(.github, secret)

    /// Ways in which a header may differ from the right one.
    enum Spoiling: String, CaseIterable {
        case missing, empty, prefixless, sha1, short, long, odd, upperCase, digitsInUpperCase, letters, zeros, twice
        case spaced, otherScript

        func spoil(_ right: String) -> String? {
            switch self {
            case .missing: nil
            case .empty: ""
            case .prefixless: right.replacing("sha256=", with: "")
            case .sha1: right.replacing("sha256=", with: "sha1=")
            case .short: String(right.dropLast(2))
            case .long: right + "00"
            case .odd: String(right.dropLast())
            case .upperCase: right.uppercased()
            case .digitsInUpperCase: "sha256=" + right.dropFirst(7).uppercased()
            case .letters: "sha256=" + String(repeating: "g", count: 64)
            case .zeros: "sha256=" + String(repeating: "0", count: 64)
            case .twice: "\(right), \(right)"
            case .spaced: " " + right
            case .otherScript: "sha256=" + String(repeating: "٣", count: 64)
            }
        }

        var refusal: WebhookProof.Refusal {
            switch self {
            case .missing: .missing
            case .zeros: .wrong
            default: .malformed
            }
        }
    }

    @Test(
        "B-05 A GitHub signature that is not exactly the one of these bytes is refused", arguments: Spoiling.allCases)
    func github(spoiling: Spoiling) {
        let headers = Signed.github(body, by: secret).compactMapValues { spoiling.spoil($0) }
        #expect(Self.github.refusal(headers, body) == spoiling.refusal)
    }

    @Test("B-05 Two signature headers are refused, even when one fits")
    func duplicated() throws {
        let right = try #require(Signed.github(body, by: secret)["X-Hub-Signature-256"])
        for pair in [[right, right], [right, "sha256=00"], ["sha256=00", right]] {
            let delivery = WebhookDelivery(
                headers: pair.map { (name: "X-Hub-Signature-256", value: $0) }, body: Array(body.utf8))
            #expect(Self.github.proof(of: delivery, now: now) == .refused(.missing))
        }
    }

    @Test(
        "B-05 A signature of the same document in other bytes is refused",
        arguments: [
            #"{"ref": "refs/heads/master"}"#, #"{"ref":"refs\/heads\/master"}"#, #"{"ref":"refs/heads/master"} "#,
            "{\"ref\":\"refs/heads/master\"}\n", "\u{FEFF}{\"ref\":\"refs/heads/master\"}", "",
        ])
    func reserialised(other: String) {
        #expect(Self.github.refusal(Signed.github(body, by: secret), other) == .wrong)
        let gitlab = WebhookSource.of(.gitlab, signing)
        #expect(gitlab.refusal(Signed.standard(body, by: signing), other) == .wrong)
    }

    @Test("While secrets are exchanged both count, in any order, and afterwards the old one does not")
    func rotation() {
        for secrets in [["new secret", secret], [secret, "new secret"]] {
            let both = WebhookSource(name: "forge", scheme: .github, secrets: secrets.map { .init($0) })
            #expect(both.accepts(Signed.github(body, by: secret), body))
            #expect(both.accepts(Signed.github(body, by: "new secret"), body))
        }
        #expect(!WebhookSource.of(.github, "new secret").accepts(Signed.github(body, by: secret), body))
    }

    @Test("B-05 Without a secret nothing is genuine, an empty proof included", arguments: WebhookScheme.allCases)
    func noSecret(scheme: WebhookScheme) {
        let source = WebhookSource.of(scheme)
        let headers = ["X-Gitlab-Token": "", "X-Gitee-Token": "", "X-Sluice-Token": ""]
        #expect(source.refusal(headers.merging(Signed.github(body, by: "")) { a, _ in a }, body) == .noSecret)
        #expect(WebhookSource.of(scheme, secret).refusal(headers, body) != nil)
        #expect(WebhookSource.of(scheme, secret).refusal([:], body) == .missing)
    }

    @Test(
        "B-05 A signed time counts for five minutes, either way",
        arguments: [
            (-301, false), (-300, true), (0, true), (300, true), (301, false), (-86_400, false), (86_400, false),
        ])
    func window(seconds: Int, isGenuine: Bool) {
        let time = now.addingTimeInterval(Double(seconds))
        let gitlab = WebhookSource.of(.gitlab, signing)
        #expect(gitlab.accepts(Signed.standard(body, by: signing, at: time), body) == isGenuine)
        #expect(WebhookSource.of(.gitee, secret).accepts(Signed.gitee(by: secret, at: time), body) == isGenuine)
    }

    @Test(
        "B-05 A time that is no plain number is refused",
        arguments: [
            "", " ", "-1", "+1772444411", "1772444411.0", "1772444411 ", "0x69a5", "1e9", "99999999999999999999", "٣",
            "now",
        ])
    func times(text: String) {
        var headers = Signed.standard(body, by: signing)
        headers["webhook-timestamp"] = text
        #expect(WebhookSource.of(.gitlab, signing).refusal(headers, body) == .malformed)
        var gitee = Signed.gitee(by: secret)
        gitee["X-Gitee-Timestamp"] = text
        #expect(!WebhookSource.of(.gitee, secret).accepts(gitee, body))
    }

    @Test(
        "B-05 A header of Standard Webhooks that is missing, empty or changed is refused",
        arguments: ["webhook-id", "webhook-timestamp", "webhook-signature"])
    func standardHeaders(name: String) {
        let source = WebhookSource.of(.gitlab, signing)
        for value in [nil, "", "v1,", "v1,AAAA", "v2,\(signing)", "v1a,AAAA", "1", String(repeating: "x", count: 300)] {
            var headers = Signed.standard(body, by: signing)
            headers[name] = value
            #expect(!source.accepts(headers, body), "\(name): \(value ?? "missing")")
        }
    }

    @Test("Of several signatures of Standard Webhooks one has to fit; other versions are passed over")
    func severalSignatures() throws {
        var headers = Signed.standard(body, by: signing)
        let right = try #require(headers["webhook-signature"])
        let source = WebhookSource.of(.gitlab, signing)
        headers["webhook-signature"] = "v1a,AAAA v1,AAAA \(right)"
        #expect(source.accepts(headers, body))
        headers["webhook-signature"] = String(repeating: "v1,AAAA ", count: 17) + right
        #expect(!source.accepts(headers, body), "a header is no place to try hundreds of signatures")
    }

    @Test("A signing token of GitLab is no secret token, and where a signature is sent it decides")
    func gitlab() {
        let token = WebhookSource.of(.gitlab, secret)
        #expect(token.accepts(["X-Gitlab-Token": secret], body))
        #expect(token.refusal(["X-Gitlab-Token": secret + " "], body) == .wrong)
        #expect(token.refusal(["X-Gitlab-Token": String(secret.dropLast())], body) == .wrong)
        #expect(WebhookSource.of(.gitlab, signing).refusal(["X-Gitlab-Token": signing], body) == .missing)
        let both = WebhookSource.of(.gitlab, secret, signing)
        #expect(both.accepts(["X-Gitlab-Token": secret], body))
        #expect(both.accepts(Signed.standard(body, by: signing), body))
        var mixed = Signed.standard("other", by: signing)
        mixed["X-Gitlab-Token"] = secret
        #expect(both.refusal(mixed, body) == .wrong)
    }

    @Test("B-05 A signing token that is no key of 24 to 64 bytes lets nothing through")
    func keys() {
        for broken in ["whsec_", "whsec_AAAA", "whsec_!!!", "whsec_" + String(repeating: "AAAA", count: 22)] {
            let source = WebhookSource.of(.gitlab, broken)
            #expect(!source.accepts(Signed.standard(body, by: broken), body))
        }
    }

    @Test("Gitee proves by its password or by a signature of the time")
    func gitee() {
        let source = WebhookSource.of(.gitee, secret)
        #expect(source.accepts(["X-Gitee-Token": secret], body))
        #expect(source.accepts(Signed.gitee(by: secret), body))
        #expect(source.refusal(Signed.gitee(by: "another"), body) == .wrong)
        #expect(source.refusal(["X-Gitee-Token": "AAAA"], body) == .wrong)
    }

    @Test("Gerrit's token comes in the address, or in a header that a proxy sets")
    func gerrit() {
        let source = WebhookSource.of(.gerrit, secret)
        #expect(source.accepts([:], body, path: secret))
        #expect(source.accepts(["X-Sluice-Token": secret], body))
        #expect(source.refusal(["X-Sluice-Token": secret], body, path: "wrong") == .wrong)
        #expect(source.refusal([:], body, path: "") == .wrong)
    }
}

@Suite("What tells a repeat from something new")
struct DeliveryKeyTests {
    @Test("An id counts only where it is signed")
    func ids() {
        let gitlab = WebhookSource.of(.gitlab, signing)
        let one = Signed.standard("{}", by: signing, id: "a")
        #expect(gitlab.key(one) != gitlab.key(Signed.standard("{}", by: signing, id: "b")))
        let later = Signed.standard("{}", by: signing, id: "a", at: now.addingTimeInterval(60))
        #expect(gitlab.key(one) == gitlab.key(later), "a retry has a new time and the same id")
        let github = WebhookSource.of(.github, secret)
        for id in ["1", "2"] {
            var headers = Signed.github(body, by: secret)
            headers["X-GitHub-Delivery"] = id
            #expect(github.key(headers, body) == github.key(Signed.github(body, by: secret), body))
        }
    }

    @Test("Other bodies and other sources are other deliveries")
    func content() {
        let source = WebhookSource.of(.gitlab, secret)
        let headers = ["X-Gitlab-Token": secret]
        #expect(source.key(headers, "{}") == source.key(headers, "{}"))
        #expect(source.key(headers, "{}") != source.key(headers, "{ }"))
        let other = WebhookSource(name: "other", scheme: .gitlab, secrets: source.secrets)
        #expect(source.key(headers, "{}") != other.key(headers, "{}"))
    }

    @Test("A key tells nothing of the secret that was sent along")
    func sealed() throws {
        let key = try #require(WebhookSource.of(.gitlab, secret).key(["X-Gitlab-Token": secret], "{}"))
        #expect(key.description.count == 64)
        #expect(!key.description.contains(secret))
    }
}
