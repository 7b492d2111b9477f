import Diagnostics
import Foundation
import Terminal

/// A database's URL as Java's driver for PostgreSQL takes it, in libpq's words.
///
/// What a parameter asks for is done, or has no meaning without Java, or is refused by its name.
struct JDBCURL {
    /// libpq's keywords and values.
    private(set) var keywords: [String: String] = [:]
    private var settings: [(name: String, value: String)] = []

    /// Reads `jdbc:postgresql://host:port/database?parameters`, `jdbc:postgresql:database` and the like.
    ///
    /// - Throws: ``CommandFailure``, which quotes nothing of the URL but names of parameters.
    init(_ url: Secret<String>) throws(CommandFailure) {
        let text = url.reveal()
        guard text.begins(with: "jdbc:postgresql:") else {
            throw CommandFailure(
                .notFound, "the URL is for a database other than PostgreSQL",
                hint: "write jdbc:postgresql://host:5432/database", code: "changelog.unsupported-database")
        }
        let parts = (text.rest(after: "jdbc:postgresql:") ?? "").parts(at: "?", maxSplits: 1)
        var place = parts.first ?? ""
        if place.begins(with: "//") {
            place = place.dropFirst(2)
            let slash = place.unicodeScalars.firstIndex(of: "/") ?? place.endIndex
            try readHosts(place[..<slash])
            place = place[slash...].dropFirst()
        } else {
            readHost("localhost")
            if place.begins(with: "/") { place = place.dropFirst() }
        }
        if !place.isEmpty { keywords["dbname"] = try Self.decoded(place) }
        for pair in (parts.count > 1 ? parts[1] : "").words(at: "&") {
            let words = pair.parts(at: "=", maxSplits: 1)
            try read(String(words.first ?? ""), try Self.decoded(words.count > 1 ? words[1] : ""))
        }
        let options =
            [keywords["options"]].compactMap(\.self) + settings.map { "-c \($0.name)=\(Self.escaped($0.value))" }
        if !options.isEmpty { keywords["options"] = options.joined(separator: " ") }
    }

    /// The connection string for libpq.
    var connectionString: Secret<String> {
        let words = keywords.sorted { $0.key < $1.key }.map { key, value in
            let value = value.replacingAll("\\", with: "\\\\").replacingAll("'", with: "\\'")
            return "\(key)='\(value)'"
        }
        return Secret(words.joined(separator: " "))
    }

    private mutating func readHosts(_ text: Substring) throws(CommandFailure) {
        var text = text
        if let at = text.unicodeScalars.lastIndex(of: "@") {
            let login = text[..<at].words(at: ":", maxSplits: 1)
            if let user = login.first { keywords["user"] = try Self.decoded(user) }
            if login.count > 1 { keywords["password"] = try Self.decoded(login[1]) }
            text = text[text.index(after: at)...]
        }
        for host in text.words(at: ",") { readHost(host) }
        if keywords["host"] == nil { readHost("localhost") }
    }

    private mutating func readHost(_ text: Substring) {
        var (host, port) = (text, Substring("5432"))
        let end = text.unicodeScalars.lastIndex(of: "]") ?? text.startIndex
        if let colon = text[end...].unicodeScalars.lastIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        let name = host.filter { $0 != "[" && $0 != "]" }
        keywords["host"] = [keywords["host"], name].compactMap(\.self).joined(separator: ",")
        keywords["port"] = [keywords["port"], String(port)].compactMap(\.self).joined(separator: ",")
    }

    private mutating func read(_ name: String, _ value: String) throws(CommandFailure) {
        if let keyword = Self.sameMeaning[name] {
            keywords[keyword] = value
            return
        }
        let isTrue = value.isEmpty || value.lowercased() == "true"
        switch name {
        case "currentSchema": settings.append(("search_path", value))
        case "readOnly": if isTrue { settings.append(("default_transaction_read_only", "on")) }
        case "loginTimeout": keywords["connect_timeout"] = keywords["connect_timeout"] ?? value
        case "tcpKeepAlive": keywords["keepalives"] = isTrue ? "1" : "0"
        // Without sslmode it is the strictest one that this asks for.
        case "ssl": if isTrue, keywords["sslmode"] == nil { keywords["sslmode"] = "verify-full" }
        case "sslfactory" where value == "org.postgresql.ssl.NonValidatingFactory": keywords["sslmode"] = "require"
        case "sslfactory" where value == "org.postgresql.ssl.LibPQFactory": break
        case "targetServerType": keywords["target_session_attrs"] = try Self.serverType(value)
        case "loadBalanceHosts" where !isTrue: break
        case _ where Self.withoutMeaning.contains(name): break
        default:
            throw CommandFailure(
                .notFound, "the URL's parameter \(name.cut(to: 60).oneLine) is not supported",
                hint: "leave it out, or write a postgresql:// URL with libpq's parameters",
                code: "changelog.unsupported-url-parameter")
        }
    }

    private static func serverType(_ value: String) throws(CommandFailure) -> String {
        switch value {
        case "any": return "any"
        case "primary", "master": return "primary"
        case "secondary", "slave": return "standby"
        case "preferSecondary", "preferSlave": return "prefer-standby"
        default:
            throw CommandFailure(
                .notFound, "the URL's parameter targetServerType with this value is not supported",
                hint: "there are any, primary, secondary and preferSecondary",
                code: "changelog.unsupported-url-parameter")
        }
    }

    /// Java decodes a plus sign as a blank, in the database's name too.
    private static func decoded(_ text: Substring) throws(CommandFailure) -> String {
        guard let decoded = text.replacingAll("+", with: " ").removingPercentEncoding else {
            throw CommandFailure(.usage, "the URL has a % that no two hexadecimal digits follow")
        }
        return decoded
    }

    /// Escapes a value for the keyword `options`, where a backslash protects a blank.
    private static func escaped(_ text: String) -> String {
        text.replacingAll("\\", with: "\\\\").replacingAll(" ", with: "\\ ")
    }

    /// Parameters that libpq has under another name or the same.
    private static let sameMeaning = [
        "user": "user", "password": "password", "ApplicationName": "application_name",
        "connectTimeout": "connect_timeout", "options": "options", "sslmode": "sslmode", "sslcert": "sslcert",
        "sslkey": "sslkey", "sslrootcert": "sslrootcert", "sslpassword": "sslpassword", "gssEncMode": "gssencmode",
        "kerberosServerName": "krbsrvname", "channelBinding": "channel_binding", "service": "service",
        "PGDBNAME": "dbname", "requireAuth": "require_auth", "sslNegotiation": "sslnegotiation",
    ]

    /// Parameters about how Java talks to the server, on which nothing depends that a changelog does.
    private static let withoutMeaning: Set = [
        "adaptiveFetch", "adaptiveFetchMaximum", "adaptiveFetchMinimum", "allowEncodingChanges",
        "assumeMinServerVersion", "autosave", "binaryTransfer", "binaryTransferDisable", "binaryTransferEnable",
        "cancelSignalTimeout", "cleanupSavepoints", "convertBooleanToNumeric", "databaseMetadataCacheFields",
        "databaseMetadataCacheFieldsMiB", "defaultRowFetchSize", "disableColumnSanitiser", "escapeSyntaxCallMode",
        "groupStartupParameters", "hideUnprivilegedObjects", "hostRecheckSeconds", "logServerErrorDetail",
        "logUnclosedConnections", "loggerFile", "loggerLevel", "maxResultBuffer", "maxSendBufferSize",
        "preferQueryMode", "preparedStatementCacheQueries", "preparedStatementCacheSizeMiB", "prepareThreshold",
        "protocolVersion", "quoteReturningIdentifiers", "readOnlyMode", "receiveBufferSize", "reWriteBatchedInserts",
        "sendBufferSize", "socketTimeout", "sslResponseTimeout", "stringtype", "tcpNoDelay", "unknownLength",
        "useSpnego", "xmlFactoryFactory",
    ]
}
