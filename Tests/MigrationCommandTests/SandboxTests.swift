import ChildProcess
import Diagnostics
import PostgresClient
import Testing

@testable import MigrationCommand

@Suite("What a program is started with")
struct SandboxTests {
    private static let login = PostgresConfiguration(
        host: "/data/socket", port: 5433, user: "sluice_land", password: Secret("p@ss/word"), database: "build-1")

    private func sandbox(
        _ confinement: MigrationPrograms.Confinement = .bubblewrap, _ network: MigrationPrograms.Network = .none,
        isRoot: Bool = false
    ) -> Sandbox {
        Sandbox(
            confinement: confinement, network: network, readable: ["/opt/alembic"], isRoot: isRoot, account: 61_200)
    }

    private func command(needsDatabase: Bool = true) -> Sandbox.Command {
        Sandbox.Command(
            program: "/opt/alembic/bin/alembic", arguments: ["upgrade", "head"],
            environment: ["PGPASSWORD": "canary", "PYTHONPATH": "."], content: "/data/migrations/1/content",
            folder: "db", accounts: "/data/migrations/1/accounts",
            socket: needsDatabase ? "/data/socket/.s.PGSQL.5433" : nil, needsDatabase: needsDatabase,
            deadline: .seconds(60))
    }

    @Test("no secret is an argument, and nothing of our own environment is handed on", arguments: [false, true])
    func secrets(isRoot: Bool) {
        for confinement in MigrationPrograms.Confinement.allCases {
            let child = sandbox(confinement, isRoot: isRoot).child(command())
            #expect(!child.arguments.contains { $0.contains("canary") })
            #expect(
                Set(child.environment.keys) == [
                    "PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE",
                    "PGPASSWORD", "PYTHONPATH",
                ])
        }
    }

    @Test("nothing of the machine can be written, and only what is named can be read")
    func mounts() {
        let arguments = sandbox().child(command()).arguments
        #expect(!arguments.contains("--bind") && !arguments.contains("--dev-bind"))
        let sources = arguments.indices.filter { arguments[$0].hasPrefix("--ro-bind") }.map { arguments[$0 + 1] }
        #expect(
            sources.allSatisfy { source in
                ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt/alembic", "/data/socket/.s.PGSQL.5433"].contains(
                    source)
                    || source.hasPrefix("/etc/") || source.hasPrefix("/data/migrations/1/")
            })
        #expect(!sources.contains("/etc/shadow") && !sources.contains("/etc"))
    }

    @Test("without root the program loses its account by a namespace, with root by becoming another")
    func accounts() {
        let ordinary = sandbox().child(command()).arguments
        #expect(ordinary.contains("--unshare-user") && ordinary.contains("--disable-userns"))
        #expect(!ordinary.contains { $0.hasPrefix("--reuid") })
        let root = sandbox(isRoot: true).child(command()).arguments
        #expect(root.contains("--reuid=61200") && root.contains("--clear-groups") && root.contains("--no-new-privs"))
        #expect(root.contains("--bounding-set=-all"))
    }

    @Test("the network is there only for a step that needs the database, and only when the operator shares it")
    func network() {
        #expect(sandbox().child(command()).arguments.contains("--unshare-net"))
        #expect(!sandbox(.bubblewrap, .shared).child(command()).arguments.contains("--unshare-net"))
        let check = sandbox(.bubblewrap, .shared).child(command(needsDatabase: false))
        #expect(check.arguments.contains("--unshare-net"))
    }

    @Test("every program has the kernel's limits", arguments: MigrationPrograms.Confinement.allCases)
    func limits(confinement: MigrationPrograms.Confinement) {
        let child = sandbox(confinement).child(command())
        for limit in ["--fsize=", "--as=", "--nproc=", "--cpu=61", "--nofile=", "--core=0"] {
            #expect(child.arguments.contains { $0.hasPrefix(limit) }, "\(limit)")
        }
        #expect(child.arguments.suffix(3) == ["/opt/alembic/bin/alembic", "upgrade", "head"])
        #expect(child.deadline == .seconds(60))
    }

    @Test("the database is told by an address and by libpq's variables, with names and passwords escaped")
    func variables() {
        let inside = DatabaseVariables(Self.login, socketDirectory: "/run/postgresql")
        #expect(
            inside.variables["DATABASE_URL"]
                == "postgresql://sluice_land:p%40ss%2Fword@/build-1?host=%2Frun%2Fpostgresql&port=5433")
        #expect(inside.variables["PGHOST"] == "/run/postgresql")
        #expect(inside.variables["PGPASSWORD"] == "p@ss/word")
        #expect(inside.socket == "/data/socket/.s.PGSQL.5433")
        #expect(Set(inside.secrets.map { $0.reveal() }) == ["p@ss/word", "p%40ss%2Fword"])
        var remote = PostgresConfiguration(host: "::1", user: "u", database: "d")
        remote.parameters = ["sslmode": "verify-full", "sslrootcert": "/etc/ca.pem", "sslkey": "/secret/key"]
        let network = DatabaseVariables(remote, socketDirectory: nil)
        #expect(
            network.variables["DATABASE_URL"]
                == "postgresql://u@[::1]:5432/d?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem")
        #expect(network.variables["PGSSLROOTCERT"] == "/etc/ca.pem")
        #expect(!network.variables.values.contains { $0.contains("/secret/key") })
        #expect(network.socket == nil)
        #expect(network.files == ["/etc/ca.pem"])
    }

    @Test("a program that the operator has not allowed is refused by name, with what to do")
    func refusal() {
        let programs = MigrationPrograms(programs: ["alembic": "/usr/bin/alembic"], directory: "/nowhere")
        #expect(programs.refusal(of: "alembic") == nil)
        let refusal = programs.refusal(of: "flyway")
        #expect(refusal?.code == "migration.not-allowed")
        #expect(refusal?.kind == .stalled)
        #expect(refusal?.message.contains("allowed: alembic") == true)
        #expect(refusal?.hint?.contains("--allow-migration-command flyway=") == true)
        #expect(programs.refusal(reaching: Self.login) == nil)
        #expect(programs.refusal(reaching: PostgresConfiguration(host: "db", user: "u", database: "d")) != nil)
    }
}
