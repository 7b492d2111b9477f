public import Diagnostics
import Foundation
public import OutboundHTTP

/// How a forge is reached over HTTP, and as whom.
public struct ForgeAccess: Sendable {
    /// The forge's name in the desired state.
    public let name: String
    /// The address that people open.
    public let url: OutboundURL
    /// The account's name, where the host asks for one.
    public let user: String?
    /// Reads the password or token each time it is needed, so that a rotated one is used from the next request on.
    public let secret: @Sendable () throws -> Secret<String>
    /// The one HTTP client.
    public let client: OutboundClient

    /// Makes an access.
    /// - Throws: `outbound.url-invalid`.
    public init(
        name: String, url: String, user: String? = nil, client: OutboundClient,
        secret: @escaping @Sendable () throws -> Secret<String>
    ) throws {
        self.name = name
        self.url = try OutboundURL(url)
        self.user = user
        self.client = client
        self.secret = secret
    }
}

/// One forge's HTTP interface: requests with who we are, answers as JSON, refusals as errors.
struct ForgeAPI: Sendable {
    let access: ForgeAccess
    /// The address below which requests go.
    let base: OutboundURL
    /// Fields of every request.
    let headers: [(String, String)]
    /// The field that says who we are, made of the secret.
    let credential: @Sendable (Secret<String>) -> OutboundRequest.Credential
    /// What the host says in a refusal with status 403 when it means that it was asked too often; nil for hosts that say so
    /// by a status or by header fields.
    var limitWords: String?

    /// Sends a request.
    /// - Parameter accepted: Statuses besides 2xx that the caller understands. All others are errors.
    /// - Throws: `forge.access-denied`, `forge.request-refused`, `forge.answer-malformed`, and what the client throws.
    func send(
        _ method: OutboundRequest.Method, _ path: [String], query: [(String, String)] = [],
        body: (any Encodable)? = nil, accepting accepted: Set<Int> = []
    ) async throws -> ForgeAnswer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let secret = try access.secret()
        let credential = self.credential(secret)
        let answer = ForgeAnswer(
            try await access.client.send(
                OutboundRequest(
                    method, base.appending(path, query: query), headers: headers, credential: credential,
                    body: try body.map { Array(try encoder.encode($0)) }, isTraced: true)),
            forge: access.name, secrets: credential.traces)
        if let limitWords, answer.status == 403, answer.words.localizedCaseInsensitiveContains(limitWords) {
            throw await access.client.limited(base)
        }
        switch answer.status {
        case 200...299: break
        case 401 where !accepted.contains(401): throw answer.unauthorized()
        case 403 where !accepted.contains(403): throw answer.denied("does not let us do that")
        // A page in the place of an answer may come from a proxy that knows nothing of what we asked for.
        case _ where answer.isWebPage: throw answer.malformed("a web page")
        case let status where accepted.contains(status): break
        default: throw answer.refused()
        }
        return answer
    }

    /// Reads something; nil when the host says 404.
    func find<Value: Decodable>(
        _ type: Value.Type, _ path: [String], query: [(String, String)] = []
    ) async throws -> Value? {
        let answer = try await send(.get, path, query: query, accepting: [404])
        return answer.status == 404 ? nil : try answer.decoded(type)
    }
}

/// What a forge answered.
struct ForgeAnswer: Sendable {
    let status: Int
    let headers: OutboundHeaders
    private let body: [UInt8]
    private let forge: String
    private let secrets: [Secret<String>]

    init(_ response: OutboundResponse, forge: String, secrets: [Secret<String>]) {
        status = response.status
        headers = response.headers
        body = response.body
        self.forge = forge
        self.secrets = secrets
    }

    /// The body as text without what must not be seen, for details and for finding out which refusal it is.
    var words: String {
        let text = String(decoding: Self.withoutGuard(body).prefix(16 << 10), as: UTF8.self)
        return scrubber.scrub(text).trimmedEnd
    }

    /// A text of the answer without what must not be seen.
    func shown(_ text: String) -> String { scrubber.scrub(text) }

    private var scrubber: TextScrubber { TextScrubber(secrets: secrets, limit: 1000) }

    /// Whether it is a page for people.
    var isWebPage: Bool {
        if headers["content-type"]?.lowercased().begins(with: "text/html") == true { return true }
        return body.drop { $0 <= 0x20 }.first == UInt8(ascii: "<")
    }

    /// The body as JSON of a type.
    /// - Throws: `forge.answer-malformed`.
    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard !isWebPage else { throw malformed("a web page") }
        do {
            return try JSONDecoder().decode(type, from: Data(Self.withoutGuard(body)))
        } catch {
            throw malformed("something else", detail: String(describing: error))
        }
    }

    func malformed(_ what: String, detail: String = "") -> SluiceError {
        SluiceError(
            "forge.answer-malformed", .transient, "the forge \(forge) answered with \(what) where JSON was expected",
            hint: "is a proxy or a login page in between?",
            // What could not be read is named by the reader, with names that stand in it.
            detail: "HTTP status \(status) \(scrubber.scrub(detail))\n\(words)")
    }

    func denied(_ what: String) -> SluiceError {
        SluiceError(
            "forge.access-denied", .stalled, "the forge \(forge) \(what)",
            hint: "check the token and its permissions: docs/how-to/ has a page for each type of forge",
            detail: "HTTP status \(status)\n\(words)")
    }

    /// Of what hosts say with status 401, GitLab alone says why.
    func unauthorized() -> SluiceError {
        let reasons = [
            ("token is expired", ": the token has expired"), ("token was revoked", ": the token was revoked"),
        ]
        let said = words
        let reason = reasons.first { said.localizedCaseInsensitiveContains($0.0) }?.1
        return denied("does not accept our credentials\(reason ?? "")")
    }

    func refused() -> SluiceError {
        SluiceError(
            "forge.request-refused", status == 409 ? .conflict : .stalled,
            "the forge \(forge) refused a request with HTTP status \(status)", detail: words)
    }

    /// Without the line that Gerrit puts before JSON so that no page can load it as a script.
    private static func withoutGuard(_ body: [UInt8]) -> ArraySlice<UInt8> {
        body.starts(with: Array(")]}'".utf8)) ? body.drop { $0 != UInt8(ascii: "\n") }.dropFirst() : body[...]
    }
}
