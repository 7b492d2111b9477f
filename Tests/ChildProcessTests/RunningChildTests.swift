import ChildProcess
import Foundation
import Testing

private let path = ["PATH": "/usr/bin:/bin"]

@Suite(.timeLimit(.minutes(10))) struct RunningChildTests {
    @Test func `a running child is stopped by a signal of the caller's choice`() async throws {
        let child = try await Child("sleep", ["600"], environment: path).start()
        #expect(child.processIdentifier > 1)
        #expect(try await child.stop(signal: SIGINT) == .signalled(SIGINT))
    }

    @Test func `a child that ignores its signal is killed after its grace`() async throws {
        let file = "/tmp/sluice-running-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let child = try await Child(
            "/bin/dash", ["-c", "trap '' TERM; echo ready; while :; do sleep 600; done"], environment: path
        ).start(output: .appended(toFile: file))
        while (try? String(contentsOfFile: file, encoding: .utf8)) != "ready\n" { await Task.yield() }
        #expect(try await child.stop(grace: .milliseconds(50)) == .signalled(SIGKILL))
    }

    @Test func `a child's own end is seen, also by several who wait`() async throws {
        let child = try await Child("/bin/dash", ["-c", "exit 3"], environment: path).start()
        async let one = child.waitForExit()
        async let other = child.waitForExit()
        #expect(try await [one, other] == [.exited(3), .exited(3)])
        #expect(try await child.stop() == .exited(3))
    }

    @Test func `who waits may be cancelled while the child runs on`() async throws {
        let child = try await Child("sleep", ["600"], environment: path).start()
        let waiter = Task { try await child.waitForExit() }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        #expect(kill(child.processIdentifier, 0) == 0)
        try await child.stop()
    }

    @Test func `what a running child prints is appended to its file`() async throws {
        let file = "/tmp/sluice-running-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: file) }
        for word in ["one", "two"] {
            let child = Child("/bin/dash", ["-c", "echo \(word); echo \(word) >&2"], environment: path)
            #expect(try await child.start(output: .appended(toFile: file)).waitForExit().isSuccess)
        }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "one\none\ntwo\ntwo\n")
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `a child that nobody holds any more is stopped`() async throws {
        let identifier = try await Child("sleep", ["600"], environment: path).start().processIdentifier
        while kill(identifier, 0) == 0 { await Task.yield() }
        #expect(errno == ESRCH)
    }

    @Test func `a program that is not there cannot be started`() async throws {
        let error = await #expect(throws: ChildError.self) {
            try await Child("no-such-program", environment: path).start()
        }
        #expect(error?.kind == .executableNotFound)
    }

    @Test func `a working directory that is not there is an error and not our own one`() async throws {
        let child = Child("true", environment: path, workingDirectory: "/no/such/directory")
        let error = await #expect(throws: ChildError.self) { try await child.start() }
        #expect(error?.kind == .notStarted)
        await #expect(throws: ChildError.self) { try await child.run() }
    }
}
