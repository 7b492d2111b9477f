import ChildProcess
import Diagnostics
import Foundation
import Testing

private let path = ["PATH": "/usr/bin:/bin"]

/// A shell may be started in a test: it makes grandchildren.
private func script(_ text: String, deadline: Duration = .seconds(60), grace: Duration = .seconds(5)) -> Child {
    Child("/bin/dash", ["-c", text], environment: path, deadline: deadline, terminationGrace: grace)
}

/// Whether any process of this group is alive, other than as an unreaped entry of the process table.
private func isAlive(group: Int32) async throws -> Bool {
    let result = try await Child("ps", ["-eo", "pgid=,stat="], environment: path).run()
    return result.outputText.split(separator: "\n").contains { line in
        let fields = line.split(separator: " ")
        return fields.first.flatMap { Int32($0) } == group && fields.last?.hasPrefix("Z") == false
    }
}

/// Runs a script that begins processes, tells its group in `FILE` and stays, with ever longer deadlines until it has come
/// that far: how long a shell takes to begin decides nothing.
private func outliveDeadline(
    _ text: String, grace: Duration = .seconds(5)
) async throws -> (error: ChildError?, group: Int32) {
    let file = "/tmp/sluice-child-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: file) }
    var deadline = Duration.milliseconds(500)
    while true {
        let child = script(text.replacing("FILE", with: file), deadline: deadline, grace: grace)
        let error = await #expect(throws: ChildError.self) { try await child.run() }
        let told = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        if told.hasSuffix("\n"), let group = Int32(told.dropLast()) { return (error, group) }
        deadline *= 2
    }
}

/// Waits until nothing of a group is alive. The kernel ends what was killed a moment later.
private func waitForEnd(ofGroup group: Int32) async throws {
    try await wait { try await !isAlive(group: group) }
}

/// Waits until `condition` holds; the test's own time limit is the only clock.
private func wait(for condition: () async throws -> Bool) async throws {
    while try await !condition() { await Task.yield() }
}

@Suite(.timeLimit(.minutes(10))) struct ChildLimitsTests {
    @Test func `a child that outlives its deadline is killed with all it started`() async throws {
        let (error, group) = try await outliveDeadline("sleep 600 & echo $$ > FILE; sleep 600")
        #expect(error?.kind == .deadlineExceeded)
        #expect(error?.sluiceError.kind == .transient)
        try await waitForEnd(ofGroup: group)
    }

    @Test func `a group that ignores the polite signal is killed without it`() async throws {
        let (error, group) = try await outliveDeadline(
            "trap '' TERM; sleep 600 & echo $$ > FILE; sleep 600", grace: .milliseconds(50))
        #expect(error?.kind == .deadlineExceeded)
        try await waitForEnd(ofGroup: group)
    }

    @Test func `a cancelled run throws CancellationError and leaves no process`() async throws {
        let file = "/tmp/sluice-child-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let running = Task { try await script("sleep 600 & echo $$ > \(file); sleep 600").run() }
        try await wait { (try? String(contentsOfFile: file, encoding: .utf8))?.hasSuffix("\n") == true }
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        let group = try #require(Int32(try String(contentsOfFile: file, encoding: .utf8).dropLast()))
        try await waitForEnd(ofGroup: group)
    }

    @Test func `a task that is cancelled already starts nothing`() async throws {
        let file = "/tmp/sluice-child-\(UUID().uuidString)"
        let running = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await Child("touch", [file], environment: path).run()
        }
        await #expect(throws: CancellationError.self) { try await running.value }
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test func `a child that prints without end is stopped at its limit`() async throws {
        for arguments in [["-c", "exec yes"], ["-c", "exec yes >&2"]] {
            let child = Child("/bin/dash", arguments, environment: path, outputLimit: 100_000)
            let error = await #expect(throws: ChildError.self) { try await child.run() }
            #expect(error?.kind == .outputLimitExceeded)
            #expect(error?.sluiceError.kind == .stalled)
        }
    }

    @Test func `output of exactly the limit is kept whole`() async throws {
        let child = Child("head", ["-c", "100000", "/dev/zero"], environment: path, outputLimit: 100_000)
        #expect(try await child.run().standardOutput.count == 100_000)
    }

    @Test func `what a child leaves running ends with it and does not hold it up`() async throws {
        let child = script("sleep 600 & echo $$")
        let result = try await child.run()
        #expect(result.status.isSuccess)
        let group = try #require(Int32(result.outputText.dropLast()))
        try await waitForEnd(ofGroup: group)
    }

    @Test func `what a child leaves running may be left on request`() async throws {
        var child = script("sleep 600 >/dev/null 2>&1 & echo $! $$")
        child.leftovers = .left
        let numbers = try await child.run().outputText.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
        let (sleeper, group) = (try #require(numbers.first), try #require(numbers.last))
        #expect(try await isAlive(group: group))
        #expect(kill(sleeper, SIGKILL) == 0)
    }

    @Test func `a child that is killed from outside is a result that says so`() async throws {
        #expect(try await script("kill -KILL $$").run().status == .signalled(9))
    }
}
