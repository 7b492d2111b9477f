import ChildProcess
import Testing

@testable import Sandbox

@Suite("What a program is started with")
struct SandboxTests {
    private func sandbox(
        _ confinement: Sandbox.Confinement = .bubblewrap, _ network: Sandbox.Network = .none,
        isRoot: Bool = false
    ) -> Sandbox {
        Sandbox(
            confinement: confinement, network: network, readable: ["/opt/alembic"], isRoot: isRoot, account: 61_200)
    }

    private func command(usesNetwork: Bool = true) -> Sandbox.Command {
        Sandbox.Command(
            program: "/opt/alembic/bin/alembic", arguments: ["upgrade", "head"],
            environment: ["PGPASSWORD": "canary", "PYTHONPATH": "."], content: "/data/migrations/1/content",
            folder: "db", accounts: "/data/migrations/1/accounts",
            socket: usesNetwork ? "/data/socket/.s.PGSQL.5433" : nil, usesNetwork: usesNetwork,
            deadline: .seconds(60))
    }

    @Test("no secret is an argument, and nothing of our own environment is handed on", arguments: [false, true])
    func secrets(isRoot: Bool) {
        for confinement in Sandbox.Confinement.allCases {
            let child = sandbox(confinement, isRoot: isRoot).child(command())
            #expect(!child.arguments.contains { $0.contains("canary") })
            #expect(
                Set(child.environment.keys) == [
                    "PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "PGPASSWORD", "PYTHONPATH",
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

    @Test("the network is there only for a step that asks for it, and only when the operator shares it")
    func network() {
        #expect(sandbox().child(command()).arguments.contains("--unshare-net"))
        #expect(!sandbox(.bubblewrap, .shared).child(command()).arguments.contains("--unshare-net"))
        let check = sandbox(.bubblewrap, .shared).child(command(usesNetwork: false))
        #expect(check.arguments.contains("--unshare-net"))
    }

    @Test("every program has the kernel's limits", arguments: Sandbox.Confinement.allCases)
    func limits(confinement: Sandbox.Confinement) {
        let child = sandbox(confinement).child(command())
        for limit in ["--fsize=", "--as=", "--nproc=", "--cpu=61", "--nofile=", "--core=0"] {
            #expect(child.arguments.contains { $0.hasPrefix(limit) }, "\(limit)")
        }
        #expect(child.arguments.suffix(3) == ["/opt/alembic/bin/alembic", "upgrade", "head"])
        #expect(child.deadline == .seconds(60))
    }
}
