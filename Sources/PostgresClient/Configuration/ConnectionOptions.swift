import CLibpq
import Diagnostics

/// libpq's keyword/value pairs: read from a connection string, and made for one.
enum ConnectionOptions {
    /// What this client relies on when it reads values; it wins over what a database or a role sets.
    static let sessionDefaults = ["DateStyle": "ISO", "bytea_output": "hex", "standard_conforming_strings": "on"]

    /// Notices a dead peer within about a minute, also while nothing is sent.
    static let transportDefaults = [
        "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3", "tcp_user_timeout": "30000",
    ]

    /// The set options of a connection string; libpq's environment and defaults fill in what the string leaves out.
    static func parse(_ text: String) throws -> [String: String] {
        guard !text.utf8.contains(0) else { throw malformed }
        var message: UnsafeMutablePointer<CChar>?
        let parsed = PQconninfoParse(text, &message)
        defer {
            PQconninfoFree(parsed)
            // libpq quotes parts of the string in its message, and those may be the password: it is not shown.
            PQfreemem(message)
        }
        guard let parsed else { throw malformed }
        let defaults = PQconndefaults()
        defer { PQconninfoFree(defaults) }
        return values(of: defaults).merging(values(of: parsed)) { _, explicit in explicit }
    }

    private static var malformed: PostgresError {
        PostgresError(
            .invalidArgument, "the connection string is not one that libpq understands",
            hint: "write postgresql://user@host:5432/database or host=… port=… user=… dbname=…")
    }

    private static func values(of first: UnsafeMutablePointer<PQconninfoOption>?) -> [String: String] {
        var result: [String: String] = [:]
        guard var option = first else { return result }
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { result[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return result
    }
}

extension PostgresConfiguration {
    /// Everything libpq is told, in its words.
    func connectionOptions() -> [String: String] {
        var options = ConnectionOptions.transportDefaults.merging(parameters) { _, own in own }
        options["host"] = host
        options["port"] = ports
        options["user"] = user
        options["dbname"] = database
        options["password"] = password?.reveal()
        options["application_name"] = applicationName
        options["client_encoding"] = "UTF8"
        let session = settings.merging(ConnectionOptions.sessionDefaults) { own, _ in own }
        let words = session.sorted { $0.key < $1.key }.map { "-c \(Self.escape($0.key))=\(Self.escape($0.value))" }
        options["options"] = ([parameters["options"]].compactMap(\.self) + words).joined(separator: " ")
        return options.filter { !$0.value.isEmpty }
    }

    /// Escapes a word for the `options` keyword, where a backslash protects a space.
    private static func escape(_ word: String) -> String {
        let scalars = word.unicodeScalars.reduce(into: String.UnicodeScalarView()) { text, scalar in
            if scalar.properties.isWhitespace || scalar == "\\" { text.append("\\") }
            text.append(scalar)
        }
        return String(scalars)
    }
}
