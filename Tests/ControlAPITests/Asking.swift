import AccessControl
import ControlAPI
import DesiredState
import Diagnostics
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging

/// An answer as a test looks at it.
struct Reply: Sendable {
    let status: Int
    let headers: HTTPFields
    let text: String

    subscript(header: String) -> String? { HTTPField.Name(header).flatMap { headers[$0] } }

    /// The body as JSON; `null` when it is none.
    var json: JSONValue { (try? JSONValue(parsing: text)) ?? .null }
}

/// Asks the interface over a world, without a network.
func ask(
    _ services: FakeServices, _ target: String, method: String = "GET", headers: [String: String] = [:],
    body: String? = nil, token: String? = nil, change: (inout ControlAPIConfiguration) -> Void = { _ in }
) async throws -> Reply {
    var configuration = try ControlAPIConfiguration(accessToken: token.map { Secret($0) })
    change(&configuration)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let api = ControlAPI(configuration: configuration, services: services.all, logger: logger)
    var fields = HTTPFields()
    for (name, value) in headers { HTTPField.Name(name).map { fields[$0] = value } }
    let sent = fields
    return try await api.server().test(.router) { client in
        let response = try await client.execute(
            uri: target, method: HTTPRequest.Method(method) ?? .get, headers: sent,
            body: body.map { ByteBuffer(string: $0) })
        return Reply(status: response.status.code, headers: response.headers, text: String(buffer: response.body))
    }
}

/// Vouches for whoever says who they are, as `name` or `name|group,group`.
struct SelfDeclared: IdentityVerifier {
    func identity(of token: Secret<String>) async throws -> (name: String, groups: [String]) {
        let parts = token.reveal().split(separator: "|")
        guard let name = parts.first, !name.isEmpty else { throw AuthenticationFailure.wrong }
        return (String(name), parts.dropFirst().first?.split(separator: ",").map(String.init) ?? [])
    }
}

/// Asks as somebody, of a controller that wants to know; as nobody when nobody is named.
func ask(
    _ services: FakeServices, as name: String?, _ target: String, method: String = "GET", body: String? = nil,
    headers: [String: String] = [:]
) async throws -> Reply {
    var headers = headers
    if let name { headers["Authorization"] = "Bearer \(name)" }
    return try await ask(services, target, method: method, headers: headers, body: body) { configuration in
        configuration.authentication.identities = SelfDeclared()
        configuration.requiresAuthentication = true
    }
}
