import ChildProcess
import Diagnostics
import Glibc
import PostgresClient
import Sandbox

extension MigrationPrograms {
    /// Runs one migration, with the checks of its preset around it.
    ///
    /// The content lies in a fresh folder while it runs, and is gone when this returns or throws. Cancelling the task ends
    /// the program and everything that it has started.
    /// - Throws: `migration.failed` and others of kind `stalled` when the content is at fault; `migration.interrupted` when
    ///   it looks as if the server were; `migration.not-allowed`, `migration.no-network` when the operator has to do
    ///   something; `CancellationError`.
    public func run(_ request: MigrationRequest) async throws {
        if let refusal = refusal(of: request.program) { throw refusal }
        guard let program = programs[request.program] else { return }
        try requireRoot(of: request)
        let sandbox = sandbox()
        let database = DatabaseVariables(
            request.database, socketDirectory: isConfined ? Sandbox.socketDirectory : nil)
        if isConfined, network == .none, database.socket == nil { throw Self.noNetwork }
        if let socket = database.socket, access(socket, F_OK) != 0 { throw Self.noServer }
        try await SandboxWorkspace(directory: directory).withFolder { folder in
            try await folder.write(request.content.map(\.exported), as: MigrationStep.Tree.content.rawValue)
            if let merged = request.merged {
                try await folder.write(merged.map(\.exported), as: MigrationStep.Tree.merged.rawValue)
            }
            try await folder.writeAccounts(sandbox.account)
            try await run(request, by: program, on: database, in: sandbox, with: folder)
        }
    }

    /// Runs the steps of a migration, one after another, on content that lies in a folder.
    private func run(
        _ request: MigrationRequest, by program: String, on database: DatabaseVariables, in sandbox: Sandbox,
        with folder: SandboxFolder
    ) async throws {
        let scrubber = TextScrubber(secrets: database.secrets, limit: Self.shownBytes)
        var outputs: [MigrationOutput] = []
        for step in request.steps {
            let tree: MigrationStep.Tree = request.merged == nil ? .content : step.tree
            let needsDatabase = step.reach == .database
            let content = folder.directory(of: tree.rawValue)
            let command = Sandbox.Command(
                program: program, arguments: step.arguments,
                environment: Self.usual.merging(request.environment) { _, own in own }
                    .merging(needsDatabase ? database.variables : [:]) { _, given in given },
                content: content, folder: request.folder, accounts: folder.accounts,
                socket: needsDatabase ? database.socket : nil, files: needsDatabase ? database.files : [],
                usesNetwork: needsDatabase, deadline: request.deadline)
            let result = try await run(sandbox.child(command), of: request)
            let output = MigrationOutput(
                result: result, contentRoot: isConfined ? "\(Sandbox.contentDirectory)/" : "\(content)/",
                folder: request.folder)
            if let failure = (isConfined ? output.sandboxFailure : nil) ?? step.judge(output, outputs) {
                if failure.kind == .unreachable, await isReachable(request.database) {
                    throw Self.elsewhere(failure, scrubber)
                }
                throw failure.error(
                    of: request.program, scrubber)
            }
            outputs.append(output)
        }
    }

    private var isConfined: Bool { confinement == .bubblewrap }

    /// The most bytes of a program's words that are shown.
    private static let shownBytes = 3_000

    private func run(_ child: Child, of request: MigrationRequest) async throws -> ChildResult {
        do {
            return try await child.run()
        } catch let error as ChildError where error.kind == .outputLimitExceeded {
            throw SluiceError(
                "migration.output-exceeded", .stalled,
                "\(request.program) printed more than \(Sandbox.outputLimit) bytes and was stopped",
                hint: "have it say less")
        } catch let error as ChildError where error.kind == .deadlineExceeded {
            throw SluiceError(
                "migration.deadline", .stalled, "\(request.program) was still running after \(request.deadline)")
        }
    }

    /// Where programs run.
    func sandbox() -> Sandbox {
        Sandbox(
            confinement: isConfined ? .bubblewrap : .none,
            network: network == .shared ? .shared : .none,
            readable: readable, isRoot: geteuid() == 0, account: Sandbox.anyAccount())
    }

    /// What programs of Python's are told, unless the manifest says otherwise.
    private static let usual = ["PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"]

    private func requireRoot(of request: MigrationRequest) throws(SluiceError) {
        guard !request.content.contains(where: { $0.path.utf8.elementsEqual(request.root.utf8) }) else { return }
        throw SluiceError(
            "migration.root-missing", .stalled, "there is no file \(request.root)",
            hint: "the registry's changelogs[].path names the migration program's own configuration file")
    }

    /// Whether we get to the database by the login that the program was given.
    private func isReachable(_ login: PostgresConfiguration) async -> Bool {
        guard let connection = try? await PostgresConnection.open(login) else { return false }
        await connection.close()
        return true
    }

    /// The program looked for a database elsewhere.
    private static func elsewhere(_ failure: MigrationFailure, _ scrubber: TextScrubber) -> SluiceError {
        SluiceError(
            "migration.unreachable", .stalled,
            "the program could not reach a database: \(scrubber.scrub(failure.message))",
            hint: "have it take the database from the variable DATABASE_URL, or from libpq's (PGHOST, PGUSER, …)")
    }

    private static let noServer = SluiceError(
        interrupted, .transient, "the database server's socket is not there", hint: "is the server running?"
    )

    /// Why a program without a network cannot reach a database.
    static let noNetwork = SluiceError(
        "migration.no-network", .stalled,
        "the database server is reached over the network, and migration programs are given none",
        hint: "give the DatabaseServer's Unix socket, or start sluice serve with --migration-network shared")
}
