/// What a session is told once, before changesets run on it. A changeset may change it for those behind it, as with
/// Liquibase.
struct SessionSettings {
    let options: DeployerOptions

    /// The statements.
    var script: String {
        // Literals are read as they are written.
        var values = ["set_config('standard_conforming_strings', 'on', false)"]
        // It tells one update from the next on the same session.
        values.append("set_config('sluice.run', '\(options.deploymentID())', false)")
        if let schema = options.defaultSchema {
            // Names are found in the default schema.
            let name = SQLValue.string(SQLDialect.quoted(schema))
            values.append("set_config('search_path', \(name) || ', ' || current_setting('search_path'), false)")
        }
        // Whoever looks at the sessions sees which host and process this one is of.
        values.append(when("application_name", is: "sluice", then: SQLValue.string(options.owner)))
        values.append(lockTimeout)
        // So that it can be told later whether a changelog has set its own.
        values.append("set_config('sluice.lock_timeout', current_setting('lock_timeout'), false)")
        if let limit = options.statementTimeout {
            values.append("set_config('statement_timeout', '\(limit.milliseconds)', false)")
        }
        // A client that froze in a transaction would hold its locks for ever, and one that died until the statement ends.
        values.append(when("idle_in_transaction_session_timeout", is: "0", then: "'60s'"))
        values.append(when("client_connection_check_interval", is: "0", then: "'1s'"))
        return "SELECT " + values.joined(separator: ", ")
    }

    /// Less than the time after which the server looks for deadlocks: so a deploy that meets the users of a table steps
    /// back, again and again, before it could be chosen as the victim or make them one, and others queue behind its
    /// request for that long at most.
    private var lockTimeout: String {
        if let limit = options.lockTimeout { return "set_config('lock_timeout', '\(limit.milliseconds)', false)" }
        return when("lock_timeout", is: "0", then: "least(800, floor(0.8 * \(Self.deadlockTimeout)))::text")
    }

    /// A setting that server, role or URI have set already stays; one that this server does not know is left out.
    private func when(_ name: String, is value: String, then new: String) -> String {
        "CASE current_setting('\(name)', true) WHEN '\(value)' THEN set_config('\(name)', \(new), false) END"
    }

    /// The statement that lets one transaction wait until the server has looked for deadlocks: then it also ends an
    /// autovacuum that stands in the way.
    static let outwaitingAutovacuum = """
        SELECT set_config('lock_timeout', (1000 + ceil(\(deadlockTimeout)))::text, true)
        """

    /// Before a statement that waits for others without holding them up: it may wait long, unless a changelog has said how
    /// long. That it gives up at once would leave an invalid index behind.
    var forConcurrent: String {
        """
        SELECT set_config('lock_timeout', '\(options.concurrentLockTimeout.milliseconds)', false), \
        set_config('sluice.statement_timeout', current_setting('statement_timeout'), false), \
        set_config('statement_timeout', '0', false), set_config('sluice.raised', 'yes', false) \
        WHERE current_setting('lock_timeout') = current_setting('sluice.lock_timeout', true)
        """
    }

    /// Behind it.
    static let afterConcurrent = """
        SELECT set_config('lock_timeout', current_setting('sluice.lock_timeout'), false), \
        set_config('statement_timeout', current_setting('sluice.statement_timeout'), false), \
        set_config('sluice.raised', 'no', false) WHERE current_setting('sluice.raised', true) = 'yes'
        """

    /// In milliseconds.
    private static let deadlockTimeout =
        "1000 * extract(epoch FROM current_setting('deadlock_timeout')::interval)"
}

extension Duration {
    /// Whole milliseconds, at least one.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
}
