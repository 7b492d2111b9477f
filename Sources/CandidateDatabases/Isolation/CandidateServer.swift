import DesiredState
import Diagnostics
import Foundation
import GitClient
import PostgresClient

/// One registry's part of a database server: its databases by name and provenance, its roles and their rights.
///
/// Changelogs are other people's code. Each runs as a login of its own, which may connect to the one database that is
/// being built and to nothing else, for as long as it is being built; it is a member of a role that nobody can log in
/// with and that owns what changelogs create. The databases themselves belong to the administrator, so that no changelog
/// can rename, drop or reconfigure them.
struct CandidateServer: Sendable {
    let server: PostgresServer
    let names: DatabaseNames
    let registry: String
    let instance: String
    let readerRole: String
    let spec: RegistrySpec
    let clock: ContinuousClock = ContinuousClock()

    /// The databases of the server that matter to this registry.
    struct Census: Sendable {
        /// Those that carry this registry's provenance, and those with its private prefix, by name.
        var mine: [String: GateDatabase]
        /// How many candidates' databases there are on the server, of all registries of this installation.
        var candidates: Int
    }

    /// Looks at all databases of the server, without connecting to any.
    func census() async throws -> Census {
        var census = Census(mine: [:], candidates: 0)
        for database in try await server.listDatabases() {
            guard database.owner == administrator else { continue }
            let provenance = Provenance(comment: database.comment)
            let isOurs = provenance?.instance == instance
            if isOurs, provenance?.role == .candidate { census.candidates += 1 }
            let isMine = isOurs && provenance?.registry == registry
            guard isMine || (provenance == nil && database.name.begins(with: names.privatePrefix)) else { continue }
            census.mine[database.name] = GateDatabase(name: database.name, provenance: provenance)
        }
        return census
    }

    /// What a database says of itself; nil when there is none, when it says nothing, or when it belongs to somebody else:
    /// whoever owns a database can write its comment.
    func provenance(of name: String) async throws -> Provenance? {
        guard let database = try await server.database(name), database.owner == administrator else { return nil }
        return Provenance(comment: database.comment)
    }

    private var administrator: String { server.pool.configuration.user }

    /// Clones the sealed base template for a candidate: rights and settings, which PostgreSQL does not copy, and the
    /// provenance are set before anything else happens there.
    func clone(_ base: String, into name: String, _ provenance: Provenance) async throws {
        try await run(try preparingRoles())
        try await server.createDatabase(name, template: base, retryWhileTemplateBusy: Self.patience)
        try await run(try describing(name, provenance) + settings(of: name))
    }

    /// Clones the reference database and opens it to the role that changelogs run under.
    ///
    /// - Returns: The fingerprint of what was cloned.
    func cloneReference(into name: String, _ provenance: Provenance) async throws -> String {
        try await run(try preparingRoles() + [try admittingReadersToReference])
        try await server.createDatabase(name, template: spec.referenceDatabase, retryWhileTemplateBusy: Self.patience)
        try await run(try describing(name, provenance) + settings(of: name))
        return try await withAdministrator(on: name) { connection in
            let fingerprint = try await ReferenceFingerprint.read(connection, deadline: .seconds(60))
            try await connection.execute(try openingStatement)
            return fingerprint
        }
    }

    /// Lets readers see the structure that all candidates start from, where the administrator may say so: the reference
    /// can be somebody else's.
    private var admittingReadersToReference: String {
        get throws {
            let name = try SQL.literal(spec.referenceDatabase)
            return """
                DO $sluice$ BEGIN
                  IF (SELECT pg_has_role(datdba, 'MEMBER') FROM pg_database WHERE datname = \(name)) THEN
                    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', \(name), \(try SQL.literal(readerRole)));
                  END IF;
                END $sluice$
                """
        }
    }

    /// Writes what a database says of itself.
    func stamp(_ name: String, _ provenance: Provenance) async throws {
        try await run([try comment(name, provenance)])
    }

    /// Notes that a base template was used: the longest unused is evicted first.
    func touch(_ template: String, at time: Date) async throws {
        guard var provenance = try await provenance(of: template) else { return }
        provenance.at = time
        try await stamp(template, provenance)
    }

    /// Lets `login` into one database, with a new password, and gives the way in.
    ///
    /// A session begins as the registry's owner role: what it creates belongs to that role, as in production. All
    /// candidates' logins are members of it, so it is granted nothing on any database: rights on one would be every
    /// candidate's. What a deploy needs, everybody gets on the one database for as long as it lasts, and nobody else
    /// gets in.
    func admit(_ login: String, to name: String) async throws -> PostgresConfiguration {
        let password = Secret(Self.password())
        let role = try SQL.identifier(login)
        try await server.pool.withConnection { connection in
            let verifier = try await connection.passwordVerifier(for: login, password: password)
            // One more for the session that holds the lock of the deploy.
            let attributes =
                "LOGIN NOCREATEDB NOCREATEROLE INHERIT CONNECTION LIMIT \(spec.limits.maxConnections + 1) "
                + "PASSWORD \(try SQL.literal(verifier))"
            let statements =
                [
                    try Self.creatingRole(login), "ALTER ROLE \(role) \(attributes)",
                    // A role may change its own settings; those of an earlier revision must not meet this one.
                    "ALTER ROLE \(role) RESET ALL", try limitingTemporaryFiles(of: login),
                    "GRANT \(try owner) TO \(role)",
                    "GRANT CONNECT ON DATABASE \(try SQL.identifier(name)) TO \(role)",
                    "GRANT CREATE, TEMPORARY ON DATABASE \(try SQL.identifier(name)) TO PUBLIC",
                ] + (try sessionSettings.map { "ALTER ROLE \(role) SET \($0.key) TO \(try SQL.literal($0.value))" })
            try await connection.execute(statements.joined(separator: ";\n"))
        }
        return server.pool.configuration.with(database: name).with(user: login, password: password)
            .with(applicationName: "sluice deploy \(registry)")
    }

    /// How each session of a deploy begins, whatever program opens it: the server itself sees to it.
    private var sessionSettings: KeyValuePairs<String, String> {
        [
            "role": names.owner, "idle_in_transaction_session_timeout": "60s", "lock_timeout": "10s",
            "client_connection_check_interval": "500ms", "synchronous_commit": "off",
        ]
    }

    /// Shuts `login` out again, ends its sessions, and lets readers in.
    func dismiss(_ login: String, from name: String) async throws {
        let (role, database) = (try SQL.identifier(login), try SQL.identifier(name))
        try await run([
            "ALTER ROLE \(role) NOLOGIN PASSWORD NULL", "REVOKE ALL ON DATABASE \(database) FROM PUBLIC, \(role)",
        ])
        try await endSessions(of: login)
        try await empty(name)
        try await admitReaders(to: name)
    }

    /// Lets the reader role into a database that is whole.
    func admitReaders(to name: String) async throws {
        try await run(["GRANT CONNECT ON DATABASE \(try SQL.identifier(name)) TO \(try reader)"])
    }

    /// Ends a login's sessions, wherever they are: a changelog may have given its login a password and sat down elsewhere.
    func endSessions(of login: String) async throws {
        _ = try await server.pool.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", [login])
    }

    /// Seals a finished base template: nobody can connect to it any more, so cloning it never has to wait.
    ///
    /// Two commits can have the same watched files and so the same template: whoever comes second drops what it made.
    func seal(_ build: String, as name: String) async throws {
        if try await provenance(of: name)?.state == .deployed { return try await drop(build) }
        try await empty(build)
        let (old, new) = (try SQL.identifier(build), try SQL.identifier(name))
        try await run(["ALTER DATABASE \(old) ALLOW_CONNECTIONS false", "ALTER DATABASE \(old) RENAME TO \(new)"])
    }

    /// Gives a finished build the name that people read. Both renames are one transaction: a reader finds the former
    /// database or the new one, never none and never half of one.
    ///
    /// - Throws: `database.name-taken` when somebody else's database has the name; `candidate.database-gone` when the
    ///   build is not whole, or not of the content that is expected.
    func publish(_ build: String, holding key: ContentKey, as name: String, retiring retired: String) async throws {
        guard let made = try await provenance(of: build), made.key == key, made.state == .deployed else {
            throw SluiceError("candidate.database-gone", .conflict, "the build is not what it was a moment ago")
        }
        let (old, new) = (try SQL.identifier(build), try SQL.identifier(name))
        try await empty(build)
        guard try await server.database(name) != nil else {
            try await run(["ALTER DATABASE \(old) RENAME TO \(new)"])
            return
        }
        try await requireSuccession(of: made, to: name)
        try await empty(name)
        let aside = try SQL.identifier(retired)
        try await run(["ALTER DATABASE \(new) RENAME TO \(aside)", "ALTER DATABASE \(old) RENAME TO \(new)"])
    }

    /// A database gives its name only to its own successor: same installation, registry, purpose and candidate.
    private func requireSuccession(of made: Provenance, to name: String) async throws {
        let former = try await provenance(of: name)
        guard former?.instance == made.instance, former?.registry == made.registry, former?.role == made.role,
            former?.candidateID == made.candidateID
        else {
            throw SluiceError(
                "database.name-taken", .stalled, "there is a database \(name) that is not Sluice's",
                hint: "rename it, or give the registry another spec.databasePrefix")
        }
    }

    /// Puts a failed build aside; one that was kept before makes room.
    func keep(_ build: String, as name: String) async throws {
        try await drop(name)
        try await empty(build)
        try await run(["ALTER DATABASE \(try SQL.identifier(build)) RENAME TO \(try SQL.identifier(name))"])
    }

    /// Drops a database with all sessions on it. That there is none is success.
    func drop(_ name: String) async throws { try await server.dropDatabase(name) }
}

extension CandidateServer {
    /// How long a clone waits for sessions to leave the template; nobody can be on a sealed one.
    private static let patience = Duration.seconds(10)

    /// Ends the sessions on a database and waits until they are gone.
    ///
    /// `ALTER DATABASE … RENAME` would wait by itself, but looks only ten times a second; a session that has just been
    /// closed is gone within a millisecond or two.
    private func empty(_ name: String) async throws {
        let end = clock.now.advanced(by: Self.patience)
        while try await server.terminateSessions(ofDatabase: name) > 0, clock.now < end {
            try await clock.sleep(for: .milliseconds(1))
        }
    }

    /// Several statements in one transaction and one round trip.
    private func run(_ statements: [String]) async throws {
        try await server.pool.withConnection { connection in
            _ = try await connection.execute(statements.joined(separator: ";\n"))
        }
    }

    /// A session of the administrator on one of the databases, for as long as `body` takes.
    func withAdministrator<Result: Sendable>(
        on name: String, _ body: (PostgresConnection) async throws -> Result
    ) async throws -> Result {
        let connection = try await PostgresConnection.open(server.pool.configuration.with(database: name))
        do {
            let result = try await body(connection)
            await connection.close()
            return result
        } catch {
            await connection.close()
            throw error
        }
    }

    var owner: String { get throws { try SQL.identifier(names.owner) } }
    var reader: String { get throws { try SQL.identifier(readerRole) } }

    /// Two clones may be begun at once: roles belong to the whole server, so they queue for each other here.
    private func preparingRoles() throws -> [String] {
        [
            "SELECT pg_advisory_xact_lock(hashtext('sluice roles'))", try Self.creatingRole(names.owner),
            "ALTER ROLE \(try owner) NOLOGIN NOCREATEDB NOCREATEROLE",
            try Self.creatingRole(readerRole), "GRANT \(try owner), \(try reader) TO CURRENT_USER",
        ]
    }

    private func comment(_ name: String, _ provenance: Provenance) throws -> String {
        "COMMENT ON DATABASE \(try SQL.identifier(name)) IS \(try SQL.literal(try provenance.comment))"
    }

    private func describing(_ name: String, _ provenance: Provenance) throws -> [String] {
        let database = try SQL.identifier(name)
        return ["REVOKE ALL ON DATABASE \(database) FROM PUBLIC", try comment(name, provenance)]
    }

    private func settings(of name: String) throws -> [String] {
        let path = spec.database.searchPath
        guard !path.isEmpty else { return [] }
        let value = try path.map { try SQL.identifier($0) }.joined(separator: ", ")
        return ["ALTER DATABASE \(try SQL.identifier(name)) SET search_path TO \(value)"]
    }

    private static func creatingRole(_ name: String) throws -> String {
        """
        DO $sluice$ BEGIN
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = \(try SQL.literal(name))) THEN
            CREATE ROLE \(try SQL.identifier(name));
          END IF;
        END $sluice$
        """
    }

    private static func password() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in String(generator.next() as UInt64, radix: 36) }.joined()
    }
}
