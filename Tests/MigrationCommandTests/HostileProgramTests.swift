import ChildProcess
import Diagnostics
import Foundation
import PostgresClient
import TestSupport
import Testing

@testable import MigrationCommand

/// Programs that do what they should not, in the real sandbox. Python stands for any of them.
@Suite("Hostile migration programs", .timeLimit(.minutes(10)))
struct HostileProgramTests {
    /// Runs a script as a migration and gives the error that it ends with.
    private func run(
        _ script: String, deadline: Duration = .seconds(60), files: [MigrationFile] = [],
        _ check: (_ folder: String) async throws -> Void = { _ in }
    ) async throws -> SluiceError? {
        try await withTemporaryDirectory("migration") { folder in
            let programs = MigrationPrograms(programs: ["python": "/usr/bin/python3"], directory: "\(folder)/work")
            try await programs.check()
            // No server is needed here: any file stands for its socket.
            try Data().write(to: URL(filePath: "\(folder)/.s.PGSQL.5432"))
            let request = MigrationRequest(
                program: "python", arguments: ["main.py"], preset: nil, root: "db/main.py",
                content: [MigrationFile(path: "db/main.py", bytes: Array(script.utf8))] + files,
                database: PostgresConfiguration(
                    host: folder, user: "login", password: Secret("canary5f2"), database: "d"),
                deadline: deadline)
            var failure: SluiceError?
            do { try await programs.run(request) } catch { failure = SluiceError(wrapping: error) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/work") == [])
            try await check(folder)
            return failure
        }
    }

    /// What a script that fails on purpose has said.
    private func say(_ script: String) async throws -> String {
        let failure = try #require(try await run("import sys\n\(script)\nsys.exit(1)\n"))
        #expect(failure.code == "migration.failed")
        return failure.message
    }

    @Test("the controller's environment, processes, files and network are not there")
    func blind() async throws {
        let secret = "/tmp/sluice-canary-\(UUID().uuidString)"
        try "canary".write(toFile: secret, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: secret) }
        let said = try await say(
            """
            import os, socket
            print(sorted(k for k in os.environ if not k.startswith(("PG", "LC_"))))
            print("processes", sorted(int(p) for p in os.listdir("/proc") if p.isdigit())[-1] < 10)
            print("top", sorted(os.listdir("/")))
            for path in ["\(secret)", "/etc/shadow", "/root", "/home", "/var", "/proc/1/environ", "/run/secrets"]:
                print("exists", path, os.access(path, os.R_OK))
            for family, address in [(socket.AF_INET, ("127.0.0.1", 22)), (socket.AF_INET, ("1.1.1.1", 53))]:
                try: socket.create_connection(address, 2); print("connected")
                except OSError as error: print("net", error.errno)
            print("user", os.getuid() > 60000, os.getgid() > 60000, os.getgroups() in ([], [os.getgid()]))
            print([line.split()[1] for line in open("/proc/self/status") if line.startswith(("CapEff", "CapBnd", "NoNew"))])
            """)
        #expect(!said.contains("connected") && !said.contains(" True\nexists") && !said.contains("canary5f2"))
        #expect(
            said.contains(
                "['DATABASE_URL', 'HOME', 'LANG', 'PATH', 'PWD', 'PYTHONDONTWRITEBYTECODE', 'PYTHONUNBUFFERED', 'TMPDIR']"
            ))
        #expect(said.contains("processes True"))
        #expect(said.contains("top ['bin', 'dev', 'etc', 'lib', 'lib64', 'proc', 'run', 'sbin', 'tmp', 'usr', 'work']"))
        #expect(said.matches(of: /exists [^ ]+ True/).isEmpty)
        #expect(said.contains("user True True True"))
        #expect(said.contains("['0000000000000000', '0000000000000000', '1']"))
    }

    @Test("nothing outside of its own scratch memory can be written, which is bounded")
    func readOnly() async throws {
        let said = try await say(
            """
            def attempt(path):
                try: open(path, "w").write("x"); return "written"
                except OSError as error: return "refused"
            for path in ["/work/db/main.py", "/work/x", "/usr/x", "/x", "/etc/passwd", "/dev/x", "/proc/sys/kernel/core_pattern"]:
                print(path, attempt(path))
            print("scratch", attempt("/tmp/x"))
            written = 0
            try:
                for number in range(1000):
                    with open(f"/tmp/{number}", "wb") as file: written += file.write(b"x" * (1 << 22))
            except OSError as error: print("full", error.errno, written < 300 << 20)
            """)
        #expect(said.contains("scratch written"))
        #expect(said.split(separator: "refused").count - 1 == 7)
        #expect(said.contains("full 28 True"))
    }

    @Test("a fork bomb is bounded and ends with the program")
    func forkBomb() async throws {
        let said = try await say(
            """
            import os, time
            count = 0
            try:
                while count < 5000:
                    if os.fork() == 0:
                        os.setsid(); time.sleep(600); os._exit(0)
                    count += 1
            except OSError as error: print("forks", count < 130, error.errno)
            """)
        #expect(said.contains("forks True 11"))
    }

    @Test("a program that outlives its deadline is killed with everything that it has started")
    func deadline() async throws {
        let marker = "61\(Int.random(in: 1_000_000...9_999_999))"
        let failure = try await run(
            """
            import os, signal, subprocess
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            subprocess.Popen(["sleep", "\(marker)"], start_new_session=True)
            subprocess.run(["sleep", "\(marker)"])
            """, deadline: .seconds(2))
        #expect(failure?.code == "migration.deadline")
        try await expectNoProcess(marker)
    }

    @Test("what a program leaves running ends with it, also when it has left the group and the session")
    func strays() async throws {
        let marker = "62\(Int.random(in: 1_000_000...9_999_999))"
        let failure = try await run(
            """
            import os, subprocess, sys
            subprocess.Popen(["sleep", "\(marker)"], start_new_session=True)
            """)
        #expect(failure == nil)
        try await expectNoProcess(marker)
    }

    @Test("a cancelled run leaves no process and no content")
    func cancelled() async throws {
        let marker = "63\(Int.random(in: 1_000_000...9_999_999))"
        let work = Task {
            try await run("import subprocess\nsubprocess.run(['sleep', '\(marker)'])\n")
        }
        try await wait { try await isRunning(marker) }
        work.cancel()
        let failure = try await work.value
        #expect(failure?.code == "run.cancelled")
        try await expectNoProcess(marker)
    }

    @Test("endless output ends the program and is no endless verdict", arguments: ["stdout", "stderr"])
    func output(stream: String) async throws {
        let failure = try await run("import sys\nwhile True: sys.\(stream).write('x' * 65536)\n")
        #expect(failure?.code == "migration.output-exceeded")
        let long = try await say("print('long ' * 100000, file=sys.\(stream))")
        #expect(long.utf8.count < 4_000)
    }

    @Test("the password is taken out of what the program says, and so is what could write on a terminal")
    func secrets() async throws {
        let said = try await say(
            """
            import os
            print(os.environ["DATABASE_URL"], os.environ["PGPASSWORD"], os.environ["PGPASSWORD"] + "\\u0301", "\\x1b[2J\\u202e")
            """)
        #expect(!said.contains("canary5f2") && said.contains("•••"))
        #expect(!said.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202e}" })
    }

    @Test("memory is bounded for each process, and a crash is a failure like any other")
    func memory() async throws {
        #expect(try await say("try: x = bytearray(6 << 30)\nexcept MemoryError: print('memory')").contains("memory"))
        let failure = try await run("import os\nos.abort()\n")
        #expect(failure?.code == "migration.failed")
    }

    @Test("content cannot lead out of its folder, and files keep their bytes and modes")
    func content() async throws {
        let evil = try await run("", files: [MigrationFile(path: "../../evil", bytes: [1])]) { folder in
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/evil"))
        }
        #expect(evil?.code == "sandbox.path-invalid")
        let tool = MigrationFile(
            path: "db/tool", bytes: Array("#!/usr/bin/python3\nprint('tool ran')\n".utf8), isExecutable: true)
        let failure = try await run(
            "import subprocess, sys\nsubprocess.run(['./tool'])\nprint(oct(__import__('os').stat('main.py').st_mode))\nsys.exit(3)\n",
            files: [tool])
        #expect(failure?.message == "python: ended with exit code 3\ntool ran\n0o100644")
    }

    private func isRunning(_ marker: String) async throws -> Bool {
        let child = Child("pgrep", ["-f", "^sleep \(marker)"], environment: ["PATH": "/usr/bin:/bin"])
        return try await child.run().status.isSuccess
    }

    /// The kernel ends what is in a namespace a moment after its first process.
    private func expectNoProcess(_ marker: String) async throws {
        try await wait { try await !isRunning(marker) }
    }

    /// Looks a bounded number of times; each look is a process of its own and so takes its time.
    private func wait(until isSo: () async throws -> Bool) async throws {
        for _ in 0..<2_000 where try await isSo() { return }
        Issue.record("waited in vain")
    }
}
