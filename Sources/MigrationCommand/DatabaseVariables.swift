import Diagnostics
import Foundation
import PostgresClient

/// The database as a program is told of it: by variables, never by arguments.
struct DatabaseVariables: Sendable {
    /// The database's socket on this machine; nil when it is reached over the network.
    let socket: String?
    /// Files on this machine that the variables name.
    let files: [String]
    /// The variables.
    let variables: [String: String]
    /// What must not be seen in the program's words.
    let secrets: [Secret<String>]

    /// - Parameter socketDirectory: Where the program sees the socket; nil for where it is.
    init(_ login: PostgresConfiguration, socketDirectory: String?) {
        let host = login.host.words(at: ",").first.map(String.init) ?? "/var/run/postgresql"
        let isSocket = host.begins(with: "/")
        socket = isSocket ? "\(host)/.s.PGSQL.\(login.port)" : nil
        let shownHost = isSocket ? socketDirectory ?? host : host
        let password = login.password?.reveal() ?? ""
        // Of how the administrator's connection is protected only what says nothing of the administrator.
        let protection = login.parameters.filter { ["sslmode", "sslrootcert", "channel_binding"].contains($0.key) }
        files = protection["sslrootcert"].map { $0.begins(with: "/") ? [$0] : [] } ?? []
        var variables = [
            "PGHOST": shownHost, "PGPORT": "\(login.port)", "PGUSER": login.user, "PGDATABASE": login.database,
            "PGPASSWORD": password, "PGAPPNAME": login.applicationName,
            "DATABASE_URL": Self.address(login, host: shownHost, password, protection),
        ]
        for (keyword, value) in protection { variables[Self.variable(of: keyword)] = value }
        self.variables = variables
        secrets = [password, Self.escaped(password)].filter { !$0.isEmpty }.map { Secret($0) }
    }

    private static func variable(of keyword: String) -> String {
        "PG" + keyword.uppercased().replacingAll("_", with: "")
    }

    private static func address(
        _ login: PostgresConfiguration, host: String, _ password: String, _ protection: [String: String]
    ) -> String {
        let isSocket = host.begins(with: "/")
        let place = isSocket ? "" : "\(host.holds(":") ? "[\(host)]" : escaped(host)):\(login.port)"
        let user = escaped(login.user) + (password.isEmpty ? "" : ":" + escaped(password))
        var query = isSocket ? ["host=\(escaped(host))", "port=\(login.port)"] : []
        query += protection.sorted { $0.key < $1.key }.map { "\($0.key)=\(escaped($0.value))" }
        let base = "postgresql://\(user)@\(place)/\(escaped(login.database))"
        return query.isEmpty ? base : "\(base)?\(query.joined(separator: "&"))"
    }

    /// Letters, digits and `-._~` as they are, every other byte as `%XX`.
    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
