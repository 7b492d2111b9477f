import Diagnostics

/// Who holds the lock, as its row says.
///
/// Sluice writes which session of the server deploys, so that others can see whether it still lives, and a token that no
/// other run has. What others write, Liquibase above all, is a name and no more.
struct LockHolder: Sendable, Hashable {
    /// For people: host and process.
    var owner: String
    /// What only this run has.
    var token: String
    /// The server's process that deploys.
    var processID: Int
    /// When that session began, in seconds; process numbers come back, and backups are restored elsewhere.
    var sessionStart: String

    /// Reads what the row says; nil when it was not Sluice that wrote it.
    init?(_ text: String) {
        guard let open = text.exactRange(of: " [sluice "), text.ends(with: "]") else { return nil }
        var values: [Substring: Substring] = [:]
        for word in text[open.upperBound...].dropLast().words(at: " ") {
            let parts = word.words(at: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            values[parts[0]] = parts[1]
        }
        guard let processID = values["pid"].flatMap({ Int($0) }), let start = values["start"] else { return nil }
        owner = String(text[..<open.lowerBound])
        token = String(values["token"] ?? "")
        self.processID = processID
        sessionStart = String(start)
    }

    /// The row's text as an SQL expression, for the session that deploys.
    static func expression(owner: String, token: String, processID: Int32) -> String {
        """
        \(SQLValue.string(String(owner.unicodeScalars.prefix(150)) + " [sluice token=\(token) pid=\(processID) start=")) \
        || \(start("pid = \(processID)")) || ']'
        """
    }

    private static func start(_ condition: String) -> String {
        """
        coalesce((SELECT extract(epoch FROM backend_start)::text FROM pg_catalog.pg_stat_activity \
        WHERE \(condition)), '0')
        """
    }

    /// The condition, in SQL, under which a session of `pg_stat_activity` is the one that deploys.
    ///
    /// Whoever may not see when a session began takes it for the same one: a living holder is never deposed by mistake.
    var isSession: String {
        """
        pid = \(processID) AND coalesce(extract(epoch FROM backend_start)::text = \(SQLValue.string(sessionStart)), true)
        """
    }
}
