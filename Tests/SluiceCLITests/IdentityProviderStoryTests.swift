import ChildProcess
import Crypto
import DesiredState
import Foundation
import Hummingbird
import Logging
import Terminal
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("An OpenID provider and a controller")
struct IdentityProviderStoryTests {
    @Test("B-08 The provider's word is taken after its documents were read over HTTP, and nobody else's is")
    func story() async throws {
        let key = P256.Signing.PrivateKey()
        try await Self.serving(key) { issuer in
            try await withTemporaryDirectory("identity") { root in
                let directories = DemoDirectories(root: "\(root)/team")
                try directories.make()
                let controller = try await ServedController.start(
                    directories,
                    desiredState: [
                        "--config-by-hand", "--oidc-issuer", issuer, "--oidc-audience", "sluice", "--oidc-prefix",
                        "sso:",
                        "--trust-host", "127.0.0.1",
                    ])
                let server = controller.client.server.absoluteString
                func whoAmI(_ token: String) async -> Invocation {
                    await Invocation.run(
                        "auth", "whoami", "-o", "json",
                        environment: ["SLUICE_SERVER": server, "SLUICE_TOKEN": token, "SLUICE_DATA_DIR": root])
                }
                let right = try Self.token(issuer, key)
                let known = await whoAmI(right)
                #expect(known.output.contains("\"sso:anna\"") && known.output.contains("\"sso:land\""), "\(known.talk)")
                #expect(await whoAmI(try Self.token(issuer, P256.Signing.PrivateKey())).status == .denied)
                #expect(await whoAmI(try Self.token("\(issuer)/other", key)).status == .denied)
                #expect(await whoAmI("\(right)x").status == .denied)
                _ = try await controller.process.stop(grace: .seconds(600))
                let log = try String(contentsOfFile: controller.log, encoding: .utf8)
                #expect(!log.contains(right))
            }
        }
    }

    private static func encoded(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func token(_ issuer: String, _ key: P256.Signing.PrivateKey) throws -> String {
        let header: JSONValue = ["alg": "ES256", "kid": "one", "typ": "JWT"]
        let now = Int(Date().timeIntervalSince1970)
        let claims: JSONValue = [
            "iss": .string(issuer), "aud": "sluice", "sub": "anna", "groups": ["land"], "exp": .integer(now + 300),
        ]
        let text = "\(encoded(header.canonicalText.utf8)).\(encoded(claims.canonicalText.utf8))"
        return "\(text).\(encoded(try key.signature(for: Data(text.utf8)).rawRepresentation))"
    }

    /// Calls `body` with the issuer, while its documents can be read.
    private static func serving(
        _ key: P256.Signing.PrivateKey, _ body: @escaping @Sendable (_ issuer: String) async throws -> Void
    ) async throws {
        let ports = AsyncStream<Int>.makeStream()
        let raw = Array(key.publicKey.rawRepresentation)
        let keys: JSONValue = [
            "keys": [
                [
                    "kty": "EC", "crv": "P-256", "kid": "one", "x": .string(encoded(raw.prefix(32))),
                    "y": .string(encoded(raw.dropFirst(32))),
                ]
            ]
        ]
        let router = Router()
        router.get("/.well-known/openid-configuration") { request, _ -> String in
            let issuer = "http://\(request.head.authority ?? "")"
            let document: JSONValue = ["issuer": .string(issuer), "jwks_uri": .string("\(issuer)/keys")]
            return document.canonicalText
        }
        router.get("/keys") { _, _ -> String in keys.canonicalText }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in ports.continuation.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask {
                for await port in ports.stream {
                    try await body("http://127.0.0.1:\(port)")
                    return
                }
            }
            try await group.next()
            group.cancelAll()
            _ = try? await group.next()
        }
    }
}
