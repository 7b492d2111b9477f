import DesiredState
import Diagnostics
import Foundation
import NIOConcurrencyHelpers
import Testing

@testable import AccessControl

@Suite("Who sends a request, and from where")
struct RequestTests {
    private final class Tokens: TokenDirectory {
        let known = NIOLockedValueBox<[String: (AccessToken, String)]>([:])
        let uses = NIOLockedValueBox(0)

        func token(_ id: String) async throws -> (token: AccessToken, digest: String)? {
            known.withLockedValue { $0[id].map { ($0.0, $0.1) } }
        }

        func noteUse(of id: String) async throws { uses.withLockedValue { $0 += 1 } }

        func add(_ secret: TokenSecret, expires: Date, revoked: Date? = nil) {
            known.withLockedValue {
                $0[secret.id] = (
                    AccessToken(
                        id: secret.id, subject: "ci", groups: ["bots"], scopes: [AccessScope(.viewer)], note: nil,
                        createdBy: "anna", createdAt: .distantPast, expiresAt: expires, revokedAt: revoked),
                    secret.digest
                )
            }
        }
    }

    private static func bearer(_ text: String) -> Credentials { .bearer(Secret(text)) }

    @Test("A token proves its subject until it expires or is revoked, and only with its whole secret")
    func tokens() async throws {
        var generator = SystemRandomNumberGenerator()
        let (tokens, secret) = (Tokens(), TokenSecret(using: &generator))
        let clock = NIOLockedValueBox(Date(timeIntervalSince1970: 1_000))
        tokens.add(secret, expires: Date(timeIntervalSince1970: 2_000))
        var methods = Authenticator.Methods()
        methods.tokens = tokens
        let authenticator = Authenticator(methods) { clock.withLockedValue { $0 } }
        func fails(_ text: String) async -> Bool {
            do {
                _ = try await authenticator.subject(of: Self.bearer(text))
                return false
            } catch {
                return error as? AuthenticationFailure == .wrong
            }
        }
        let text = secret.text.reveal()
        let subject = try await authenticator.subject(of: .bearer(secret.text))
        #expect(
            subject
                == Subject(
                    "ci", groups: ["bots"], proof: .token, scopes: [AccessScope(.viewer)], credential: secret.id,
                    expires: Date(timeIntervalSince1970: 2_000)))
        _ = try await authenticator.subject(of: .bearer(secret.text))
        #expect(tokens.uses.withLockedValue { $0 } == 1)
        let last = text.hasSuffix("A") ? "B" : "A"
        for wrong in [
            "", text + "A", String(text.dropLast()), String(text.dropLast()) + last, text.lowercased(),
            "slc_\(secret.id)_", "x.y.z",
        ] { #expect(await fails(wrong)) }
        tokens.add(secret, expires: Date(timeIntervalSince1970: 2_000), revoked: Date(timeIntervalSince1970: 1_001))
        clock.withLockedValue { $0 += Authenticator.memory }
        #expect(await fails(text))
        tokens.add(secret, expires: Date(timeIntervalSince1970: 2_000))
        #expect(await !fails(text))
        clock.withLockedValue { $0 = Date(timeIntervalSince1970: 2_000) }
        #expect(await fails(text))
    }

    @Test("Nothing that is not configured proves anything")
    func nothing() async throws {
        let authenticator = Authenticator(.init()) { Date() }
        for credentials in [
            Self.bearer(""), Self.bearer("local"), .password(user: "admin", Secret("admin")), .unreadable,
        ] {
            await #expect(throws: AuthenticationFailure.wrong) { try await authenticator.subject(of: credentials) }
        }
        await #expect(throws: AuthenticationFailure.missing) { try await authenticator.subject(of: nil) }
        var open = Authenticator.Methods()
        open.isReadOpen = true
        let reading = Authenticator(open) { Date() }
        await #expect(throws: AuthenticationFailure.wrong) { try await reading.subject(of: .unreadable) }
        #expect(try await reading.subject(of: nil) == .anonymous(.viewer))
    }

    @Test("Headers are read as they are written, and anything else proves nothing")
    func headers() {
        func read(_ authorization: String?, _ token: String? = nil) -> String {
            switch Credentials(authorization: authorization, accessToken: token) {
            case nil: "none"
            case .bearer(let secret): "bearer \(secret.reveal())"
            case .password(let user, let secret): "\(user) \(secret.reveal())"
            case .unreadable: "unreadable"
            }
        }
        let table: [(String?, String?, String)] = [
            (nil, nil, "none"), ("Bearer x", nil, "bearer x"), ("bEaReR x y", nil, "bearer x y"),
            ("Basic YTpiOmM=", nil, "a b:c"), ("Basic YWI=", nil, "unreadable"), ("Basic ??", nil, "unreadable"),
            ("Basic /zo6", nil, "unreadable"), ("x", nil, "unreadable"), ("Bearer", "t", "unreadable"),
            ("Digest x", "t", "unreadable"), (nil, "t", "bearer t"), (nil, "", "unreadable"),
            ("Bearer a", "t", "bearer a"), ("Bearer \(String(repeating: "x", count: 20_000))", nil, "unreadable"),
        ]
        for (authorization, token, expected) in table { #expect(read(authorization, token) == expected) }
    }

    @Test("Only proxies that are trusted are believed about where a request comes from")
    func addresses() throws {
        let rule = ClientAddress(
            trustedProxies: try ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"].map { try AddressRange($0) })
        let table: [(String?, String?, String?)] = [
            (nil, "1.2.3.4", nil), ("8.8.8.8", "1.2.3.4", "8.8.8.8"), ("10.1.2.3", nil, "10.1.2.3"),
            ("10.1.2.3", "1.2.3.4", "1.2.3.4"), ("10.1.2.3", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
            ("10.1.2.3", "1.2.3.4, 10.9.9.9", "1.2.3.4"), ("::ffff:10.1.2.3", "1.2.3.4", "1.2.3.4"),
            ("10.1.2.3", "nonsense, 10.9.9.9", "10.9.9.9"), ("10.1.2.3", "1.2.3.4,", "1.2.3.4"),
            ("2001:db8::1", "2001:DB9::0001", "2001:db9::1"), ("192.0.2.8", "1.2.3.4", "192.0.2.8"),
            ("192.0.2.7", "1.2.3.4", "1.2.3.4"),
        ]
        for (peer, forwarded, expected) in table {
            #expect(rule.address(peer: peer, forwarded: forwarded) == expected, "\(peer ?? "") \(forwarded ?? "")")
        }
        for wrong in ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "x", "::/129", "1.2.3.4/8/9"] {
            #expect(throws: SluiceError.self) { try AddressRange(wrong) }
        }
    }
}
