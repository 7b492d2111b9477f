import Diagnostics
import GitClient
import TestSupport
import Testing

@Suite("Fetching the branches that are there")
struct FetchPresentTests {
    private let transport = GitTransport(allowing: [.file])

    private func branches(_ names: String...) throws -> [RefSpec] {
        try names.map { try RefSpec("refs/heads/\($0)", to: "refs/heads/\($0)") }
    }

    @Test(
        "A branch that the remote does not have keeps no other from being fetched, and goes here when it has gone there"
    )
    func missing() async throws {
        try await withTemporaryDirectory("present") { folder in
            let repository = try await ScriptedRepository.create(at: "\(folder)/a.git")
            let remote = try GitRemote(path: repository.path)
            let mirror = try await GitMirror.create("\(folder)/mirror.git")
            let head = try await repository.push(["a": "1"], to: "main")
            try await transport.fetchPresent(into: mirror, from: remote, refspecs: try branches("main", "stable"))
            #expect(try await mirror.references().targets.map(\.key.rawValue) == ["refs/heads/main"])
            try await repository.push(head, to: "stable")
            try await transport.fetchPresent(into: mirror, from: remote, refspecs: try branches("main", "stable"))
            #expect(try await mirror.resolve(try .branch("stable")) == head)
            try await repository.git("update-ref", "-d", "refs/heads/stable")
            try await transport.fetchPresent(into: mirror, from: remote, refspecs: try branches("main", "stable"))
            #expect(try await mirror.resolve(try .branch("stable")) == nil)
            #expect(try await mirror.resolve(try .branch("main")) == head)
        }
    }

    @Test("A branch that became a folder of branches is fetched, though the old one is in the way")
    func inTheWay() async throws {
        try await withTemporaryDirectory("present") { folder in
            let repository = try await ScriptedRepository.create(at: "\(folder)/a.git")
            let remote = try GitRemote(path: repository.path)
            let mirror = try await GitMirror.create("\(folder)/mirror.git")
            let head = try await repository.push(["a": "1"], to: "rel")
            try await transport.fetchPresent(into: mirror, from: remote, refspecs: try branches("rel"))
            try await repository.git("update-ref", "-d", "refs/heads/rel")
            try await repository.push(head, to: "rel/1")
            try await transport.fetchPresent(into: mirror, from: remote, refspecs: try branches("rel/1"))
            #expect(try await mirror.references().targets.map(\.key.rawValue) == ["refs/heads/rel/1"])
        }
    }
}
