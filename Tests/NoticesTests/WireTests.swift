import Crypto
import DesiredState
import Diagnostics
import Foundation
import OutboundHTTP
import StateStore
import Testing
import Webhooks

@testable import Notices

@Suite("What goes over the wire")
struct WireTests {
    private let message = NoticeMessage(notices: [notice(7, title: "T", by: "ada")], title: "T", text: "证书 \"ok\"")
    private let robot = RobotSpec(url: .environment("URL"), secret: .environment("KEY"))

    private func request(
        _ destination: NoticeDestination, url: String = "https://robots.example/send?key=k3y", key: String = "SECabc"
    ) throws -> WireRequest {
        let secrets = SecretResolver(environment: ["URL": url, "KEY": key])
        return try WireRequest(
            message, to: destination, keys: try WireKeys(of: destination, secrets), now: NoticeWorld.time)
    }

    private func verdict(_ destination: NoticeDestination, _ status: Int, _ body: String) -> NoticeVerdict {
        WireAnswer.verdict(
            OutboundResponse(status: status, headers: OutboundHeaders([]), body: Array(body.utf8)), from: destination)
    }

    @Test("WeCom gets markdown, and only errcode 0 is success")
    func wecom() throws {
        let wire = try request(.wecom(robot))
        #expect(wire.body == ["msgtype": "markdown", "markdown": ["content": "证书 \"ok\""]])
        #expect(wire.url.query == "key=k3y")
        #expect(verdict(.wecom(robot), 200, #"{"errcode":0,"errmsg":"ok"}"#) == .taken)
        #expect(
            verdict(.wecom(robot), 200, #"{"errcode":45009,"errmsg":"api freq out of limit"}"#)
                == .throttled(.seconds(60)))
        #expect(verdict(.wecom(robot), 200, #"{"errcode":93000,"errmsg":"invalid webhook url"}"#) == .refused)
        #expect(verdict(.wecom(robot), 200, "<html>") == .refused)
    }

    @Test("Slack gets a text, and says ok")
    func slack() throws {
        #expect(try request(.slack(robot)).body == ["text": "证书 \"ok\""])
        #expect(verdict(.slack(robot), 200, "ok") == .taken)
        #expect(verdict(.slack(robot), 200, "<html>") == .refused)
        #expect(verdict(.slack(robot), 404, "no_service") == .refused)
        #expect(verdict(.slack(robot), 410, "channel_is_archived") == .gone)
    }

    @Test("Feishu gets a text with a signature over time and secret")
    func feishu() throws {
        let body = try request(.feishu(robot)).body
        #expect(body["msg_type"] == "text")
        #expect(body["content"] == ["text": "证书 \"ok\""])
        #expect(body["timestamp"] == "1739260800")
        let key = SymmetricKey(data: Array("1739260800\nSECabc".utf8))
        let code = HMAC<SHA256>.authenticationCode(for: [UInt8](), using: key)
        #expect(body["sign"]?.string == Data(code).base64EncodedString())
        #expect(try request(.feishu(RobotSpec(url: .environment("URL")))).body["sign"] == nil)
        #expect(verdict(.feishu(robot), 200, #"{"code":0,"msg":"success"}"#) == .taken)
        #expect(verdict(.feishu(robot), 200, #"{"StatusCode":0,"StatusMessage":"success"}"#) == .taken)
        #expect(verdict(.feishu(robot), 200, #"{"code":9499,"msg":"too many request"}"#) == .throttled(.seconds(60)))
        #expect(verdict(.feishu(robot), 200, #"{"code":19021,"msg":"sign match fail"}"#) == .refused)
    }

    @Test("DingTalk gets markdown with a title, and the signature in the query")
    func dingtalk() throws {
        let wire = try request(.dingtalk(robot), key: "this is secret")
        #expect(wire.body == ["msgtype": "markdown", "markdown": ["title": "T", "text": "证书 \"ok\""]])
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("1739260800000\nthis is secret".utf8),
            using: SymmetricKey(data: Array("this is secret".utf8)))
        let sign = Data(code).base64EncodedString().replacing("+", with: "%2B").replacing("/", with: "%2F")
            .replacing("=", with: "%3D")
        #expect(wire.url.query == "key=k3y&timestamp=1739260800000&sign=\(sign)")
        #expect(verdict(.dingtalk(robot), 200, #"{"errcode":310000,"errmsg":"sign not match"}"#) == .refused)
        #expect(
            verdict(.dingtalk(robot), 200, #"{"errcode":130101,"errmsg":"send too fast"}"#) == .throttled(.seconds(60)))
    }

    @Test("A program gets what a receiver of Standard Webhooks believes, below 20 kB")
    func webhook() throws {
        let spec = OutgoingWebhookSpec(url: "https://hooks.example/in", secret: .environment("KEY"))
        let wire = try request(.webhook(spec), key: NoticeWorld.signing)
        #expect(wire.body["type"] == "sluice.release.promoted")
        #expect(wire.body["timestamp"] == "2025-02-11T08:00:00.000Z")
        #expect(wire.body["data"]?["title"] == "T")
        #expect(wire.body["data"]?["requestedBy"] == "ada")
        #expect(wire.headers.map(\.0) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(wire.headers.first?.1 == "msg_7")
        let long = NoticeMessage(notices: [notice(8, String(repeating: "\"", count: 20_000))], title: "", text: "")
        let keys = try WireKeys(of: .webhook(spec), SecretResolver(environment: ["KEY": NoticeWorld.signing]))
        #expect(try WireRequest(long, to: .webhook(spec), keys: keys, now: NoticeWorld.time).bytes.count < 20_000)
    }

    @Test("The signature is that of the specification's example")
    func vector() throws {
        let headers = try #require(
            StandardWebhookSigner.headers(
                for: Array(#"{"test": 2432232314}"#.utf8), id: "msg_p5jXN8AQM9LWM0D4loKWxJek", time: 1_614_265_330,
                secret: Secret(NoticeWorld.signing)))
        #expect(headers.last?.1 == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("A secret that is none, and an address that is none, are told without repeating them")
    func badSecrets() throws {
        let spec = OutgoingWebhookSpec(url: "https://hooks.example/in", secret: .environment("KEY"))
        for (destination, url, key) in [
            (NoticeDestination.webhook(spec), "", "hunter2"), (.wecom(robot), "hunter2", "x"),
            (.wecom(robot), "https://user:hunter2@robots.example/", "x"),
        ] {
            do {
                _ = try request(destination, url: url, key: key)
                Issue.record("it was taken")
            } catch {
                #expect(!String(reflecting: error).contains("hunter2"))
            }
        }
    }
}
