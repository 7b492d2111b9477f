import AsyncHTTPClient
import DesiredState
import Diagnostics
import Foundation
import NIOCore
import NIOHTTP1
import Terminal

/// The one HTTP client: asks the controller's interface, within a deadline and a limit, and turns what goes wrong into a
/// failure that says what to do.
struct ControlClient: Sendable {
    /// The controller's address.
    let server: URL
    private let token: Secret<String>?
    private let deadline: Duration
    private let connections = Connections()

    /// How large an answer may be, in bytes.
    private static let answerLimit = 16 << 20

    /// Makes a client of an address such as `http://127.0.0.1:8642`.
    init(server: String, token: Secret<String>?, deadline: Duration = .seconds(30)) throws(CommandFailure) {
        guard let url = URL(string: server), ["http", "https"].contains(url.scheme), url.host() != nil else {
            throw CommandFailure(
                .usage, "the server's address is not a URL", hint: "for example http://127.0.0.1:8642")
        }
        self.server = url
        self.token = token
        self.deadline = deadline
    }

    /// Reads a document. Each element of the path is one segment, whatever is in it.
    func get(_ path: [String], _ query: [(String, String?)] = []) async throws -> Reply {
        try await send(.GET, path, query, body: nil)
    }

    /// Reads a page of a list in another form than JSON, and where the next one begins.
    func text(
        _ path: [String], _ query: [(String, String?)], type: String
    ) async throws -> (text: String, cursor: String?) {
        let (status, headers, text) = try await exchange(request(.GET, path, query, accept: type))
        guard status < 400 else { throw failure(status, (try? JSONValue(parsing: text)) ?? .null) }
        return (text, headers["sluice-next-cursor"])
    }

    /// Asks for something.
    @discardableResult
    func post(_ path: [String], _ query: [(String, String?)] = [], body: JSONValue? = nil) async throws -> Reply {
        try await send(.POST, path, query, body: body)
    }

    /// Asks for something to be taken out.
    func delete(_ path: [String], _ query: [(String, String?)] = []) async throws -> Reply {
        try await send(.DELETE, path, query, body: nil)
    }

    /// What was answered.
    struct Reply: Sendable {
        /// The status code.
        let status: Int
        /// The document; null when there is none.
        let body: JSONValue
        private let headers: [String: String]

        init(status: Int, body: JSONValue, headers: [String: String]) {
            self.status = status
            self.body = body
            self.headers = headers
        }

        /// A header's value.
        func header(_ name: String) -> String? { headers[name.lowercased()] }
    }

    private func send(
        _ method: HTTPMethodName, _ path: [String], _ query: [(String, String?)], body: JSONValue?
    ) async throws -> Reply {
        var request = request(method, path, query, accept: "application/json")
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.canonicalText))
        }
        let (status, headers, bytes) = try await exchange(request)
        let document = bytes.isEmpty ? JSONValue.null : (try? JSONValue(parsing: bytes)) ?? .null
        guard status < 400 else { throw failure(status, document) }
        return Reply(status: status, body: document, headers: headers)
    }

    private func request(
        _ method: HTTPMethodName, _ path: [String], _ query: [(String, String?)], accept type: String
    ) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: address(path, query))
        request.method = .init(rawValue: method.rawValue)
        request.headers.add(name: "Accept", value: "\(type), application/problem+json")
        request.headers.add(name: "User-Agent", value: "sluice/\(Version.text)")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token.reveal())") }
        return request
    }

    private func exchange(_ request: HTTPClientRequest) async throws -> (Int, [String: String], String) {
        do {
            let nanoseconds = Int64(deadline / .nanoseconds(1))
            let response = try await connections.client.execute(request, timeout: .nanoseconds(nanoseconds))
            let bytes = try await response.body.collect(upTo: Self.answerLimit)
            let headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
            return (Int(response.status.code), headers, String(buffer: bytes))
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout {
            throw CommandFailure(
                .timeout, "the controller at \(server) did not answer in time", code: "client.timeout")
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw unreachable(error)
        }
    }

    /// Why there is no answer. One side speaking TLS and the other not is so common that it has words of its own.
    private func unreachable(_ error: any Error) -> CommandFailure {
        func failure(_ message: String, _ hint: String) -> CommandFailure {
            CommandFailure(.unreachable, message, hint: hint, code: "client.unreachable")
        }
        // The errors of TLS have no type that we could name: their module is not one of ours.
        if String(reflecting: type(of: error)).begins(with: "NIOSSL.") {
            return String(describing: error).holds("CERTIFICATE_VERIFY_FAILED")
                ? failure("the certificate of \(server) is not trusted", "add its authority to the system's")
                : failure("\(server) does not speak TLS", "a controller speaks plain HTTP: begin --server with http://")
        }
        if error is HTTPParserError || error as? HTTPClientError == .remoteConnectionClosed {
            return failure("\(server) does not answer in HTTP", "if it speaks TLS, begin --server with https://")
        }
        return failure(
            "nothing answers at \(server)",
            "start a controller with: sluice serve, or name another address with --server")
    }

    private func failure(_ status: Int, _ problem: JSONValue) -> CommandFailure {
        let exit: ExitStatus =
            switch status {
            case 401, 403: .denied
            case 404: .notFound
            case 409, 412: .conflict
            case 400, 413, 422: .invalid
            case 503, 504: .unreachable
            default: .internalError
            }
        let hint = status == 401 ? "name it with --token-file, or set SLUICE_TOKEN" : problem["hint"]?.string
        let message = problem["detail"]?.string ?? problem["title"]?.string ?? problem["details"]?.string
        return CommandFailure(
            exit, message ?? "the controller answered with HTTP status \(status)", hint: hint,
            code: problem["code"]?.string)
    }

    private func address(_ path: [String], _ query: [(String, String?)]) -> String {
        var text = server.absoluteString
        if text.ends(with: "/") { text.removeLast() }
        text += path.map { "/" + Self.encoded($0) }.joined()
        let pairs = query.compactMap { name, value in value.map { "\(Self.encoded(name))=\(Self.encoded($0))" } }
        return pairs.isEmpty ? text : text + "?" + pairs.joined(separator: "&")
    }

    /// Everything but letters, digits and `-._~` as percent signs and digits.
    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    private enum HTTPMethodName: String {
        case GET, POST, DELETE
    }
}

/// The connections of one client, closed when nobody uses it any more.
private final class Connections: Sendable {
    let client: HTTPClient

    init() {
        var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(3)))
        // Whoever refuses a connection is asked once: a person waits for the answer.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.redirectConfiguration = .disallow
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit { client.shutdown { _ in } }
}
