import Foundation
import TestSupport
import Testing

private let hook = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "hooks/post-receive")

@Suite(.timeLimit(.minutes(10))) struct PostReceiveHookTests {
    @Test func `a push calls the configured program with the repository and does not wait for it`() async throws {
        try await LocalWorld.with { world in
            let path = world.repository.path
            try await writeProgram(try String(contentsOf: hook, encoding: .utf8), to: "\(path)/hooks/post-receive")
            // The program tells what it got and then stays: a push that waited for it would end by its deadline.
            let program =
                "#!/bin/dash\nprintf '%s\\n' \"$@\" > \(path)/told.part\nmv \(path)/told.part \(path)/told\nexec sleep 25\n"
            try await writeProgram(program, to: "\(path)/program")
            try await world.repository.git("config", "sluice.bin", "\(path)/program")
            try await world.repository.git("config", "--add", "sluice.notifyArg", "--server")
            try await world.repository.git("config", "--add", "sluice.notifyArg", "http://a b")
            try await world.propose("7")
            while !FileManager.default.fileExists(atPath: "\(path)/told") { await Task.yield() }
            let told = try String(contentsOfFile: "\(path)/told", encoding: .utf8)
            #expect(told == "notify\n--repository\n\(path)\n--server\nhttp://a b\n")
        }
    }

    @Test func `a push succeeds when there is nobody to tell`() async throws {
        try await LocalWorld.with { world in
            let path = world.repository.path
            try await writeProgram(try String(contentsOf: hook, encoding: .utf8), to: "\(path)/hooks/post-receive")
            try await world.repository.git("config", "sluice.bin", "/no/such/program")
            try await world.propose("7")
            #expect(try await world.open().count == 1)
        }
    }
}
