import CLibpq
public import Diagnostics

/// Where a PostgreSQL server is and how to log in there.
///
/// It is read by libpq itself, so every connection string that `psql` accepts is accepted here, TLS modes
/// (`sslmode`, `sslrootcert`, …) and several hosts included. What the string leaves out, libpq takes from its usual
/// environment variables (`PGHOST`, `PGSSLMODE`, `PGPASSFILE`, …), as `psql` does.
public struct PostgresConfiguration: Sendable {
    /// The host names, addresses or socket directories, as libpq takes them; empty for libpq's own default.
    public var host: String
    /// The ports, as libpq takes them: one number, or one a host, separated by commas.
    public var ports: String
    /// The role that logs in.
    public var user: String
    /// The database.
    public var database: String
    /// The password, when the connection string has one.
    public var password: Secret<String>?
    /// What `pg_stat_activity.application_name` shows.
    public var applicationName: String
    /// How long logging in may take, name resolution apart.
    public var connectTimeout: Duration
    /// How long the server may take to acknowledge that a statement is cancelled, before the connection is dropped.
    public var cancelGrace: Duration
    /// Server settings of the session from its first moment; a session may change them later.
    public var settings: [String: String]
    /// The remaining libpq keywords, such as `sslmode`.
    public var parameters: [String: String]

    /// The first port; 5432 when none is named.
    public var port: Int { ports.words(at: ",").first.flatMap { Int($0) } ?? 5432 }

    /// Reads a libpq connection string: `postgresql://user@host:5432/database?sslmode=verify-full` or `host=… user=…`.
    ///
    /// - Throws: ``PostgresError`` of kind `invalidArgument`. It does not quote the string, which may hold a password.
    public init(uri: Secret<String>) throws {
        var options = try ConnectionOptions.parse(uri.reveal())
        host = options.removeValue(forKey: "host") ?? ""
        ports = options.removeValue(forKey: "port") ?? "5432"
        guard ports.words(at: ",").allSatisfy({ UInt16($0) != nil }) else {
            throw PostgresError(.invalidArgument, "the connection string's port is not a number from 1 to 65535")
        }
        user = options.removeValue(forKey: "user") ?? ""
        database = options.removeValue(forKey: "dbname") ?? ""
        if database.isEmpty { database = user }
        password = options.removeValue(forKey: "password").map { Secret($0) }
        applicationName = options.removeValue(forKey: "application_name") ?? "sluice"
        let seconds = options.removeValue(forKey: "connect_timeout").flatMap { Int($0) } ?? 0
        connectTimeout = seconds > 0 ? .seconds(seconds) : .seconds(10)
        cancelGrace = .seconds(5)
        settings = [:]
        parameters = options
    }

    /// Names a server by its parts.
    public init(
        host: String, port: Int = 5432, user: String, password: Secret<String>? = nil, database: String,
        applicationName: String = "sluice"
    ) {
        self.host = host
        self.ports = String(port)
        self.user = user
        self.password = password
        self.database = database
        self.applicationName = applicationName
        connectTimeout = .seconds(10)
        cancelGrace = .seconds(5)
        settings = [:]
        parameters = [:]
    }

    /// `host:port/database as user`: for logs and messages; never the password.
    public var safeDescription: String {
        "\(host.isEmpty ? "local" : host):\(ports)/\(database) as \(user)"
    }
}

extension PostgresConfiguration {
    /// The same server and role, another database.
    public func with(database: String) -> Self {
        var copy = self
        copy.database = database
        return copy
    }

    /// The same database, another role. Without a password libpq looks for one where `psql` would.
    public func with(user: String, password: Secret<String>?) -> Self {
        var copy = self
        copy.user = user
        copy.password = password
        return copy
    }

    /// The same login under another name in `pg_stat_activity`.
    public func with(applicationName: String) -> Self {
        var copy = self
        copy.applicationName = applicationName
        return copy
    }

    /// The same login with these server settings on top of the present ones.
    public func with(settings: [String: String]) -> Self {
        var copy = self
        copy.settings.merge(settings) { _, new in new }
        return copy
    }
}

extension PostgresConfiguration: CustomStringConvertible {
    /// The same as ``safeDescription``.
    public var description: String { safeDescription }
}
