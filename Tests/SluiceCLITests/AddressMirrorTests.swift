import ControlAPI
import DesiredState
import Diagnostics
import Forges
import Foundation
import GitClient
import Logging
import NIOConcurrencyHelpers
import StateStore
import StateStoreSupport
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("Mirrors of repositories that are named by an address")
struct AddressMirrorTests {
    private static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Projects with mirrors in a folder, and how often somebody connected.
    /// - Parameter refusal: How hosts answer instead; nil for repositories on this machine.
    private func with(
        refusal: SluiceError? = nil,
        _ body:
            @Sendable (ControlRepositories, _ folder: String, _ connections: NIOLockedValueBox<Int>) async throws ->
            Void
    ) async throws {
        try await withTemporaryDirectory("addresses") { folder in
            try await withStore { store in
                let count = NIOLockedValueBox(0)
                let outside = Outside(
                    ControllerConfiguration(
                        dataDirectory: folder, interface: try .init(), environment: [:]))
                let repositories = ControlRepositories(
                    keeper: DesiredStateKeeper(store: store, logger: Self.silence),
                    forges: KnownForges(ForgeFactory(outside: outside, logger: Self.silence)),
                    directory: "\(folder)/control", upkeep: MirrorUpkeep(logger: Self.silence)
                ) { _ in
                    count.withLockedValue { $0 += 1 }
                    if let refusal { throw refusal }
                    return GitTransport(allowing: [.file], scratchDirectory: folder)
                }
                try await body(repositories, folder, count)
            }
        }
    }

    @Test("1.7.10 repositories with names alike have mirrors of their own")
    func namesAlike() async throws {
        try await with { repositories, folder, _ in
            var paths: Set<String> = []
            for name in ["digit.git", "tig", "d", "it", "g.git", "git"] {
                let upstream = try await ScriptedRepository.create(at: "\(folder)/\(name)")
                let head = try await upstream.push(["name": .text(name)], to: "main", message: name)
                let mirror = try await repositories.mirror(
                    of: try GitRemote(path: upstream.path), branches: ["main"], age: .zero, keeping: [])
                #expect(try await mirror.resolve(try .branch("main")) == head)
                paths.insert(mirror.path)
            }
            #expect(paths.count == 6)
        }
    }

    @Test("All who have waited for a look at one repository share a fetch, whatever branch they follow")
    func shared() async throws {
        try await with { repositories, folder, connections in
            let upstream = try await ScriptedRepository.create(at: "\(folder)/up.git")
            let head = try await upstream.push(["a": "1"], to: "main")
            let remote = try GitRemote(path: upstream.path)
            func look(age: Duration) async throws -> ObjectID? {
                try await repositories.mirror(of: remote, branches: ["stable", "main"], age: age, keeping: []).resolve(
                    try .branch("main"))
            }
            for _ in 0..<20 { #expect(try await look(age: .seconds(3600)) == head) }
            #expect(connections.withLockedValue { $0 } == 1)
            let next = try await upstream.push(["a": "2"], to: "main")
            #expect(try await look(age: .zero) == next, "who asks for it as it is now gets that")
        }
    }

    @Test("Mirrors that nobody wants any more go, and references of upstreams that are gone with the next fetch")
    func removed() async throws {
        try await with { repositories, folder, _ in
            var remotes: [GitRemote] = []
            var mirrors: [GitMirror] = []
            for name in ["one.git", "two.git"] {
                let upstream = try await ScriptedRepository.create(at: "\(folder)/\(name)")
                try await upstream.push(["name": .text(name)], to: "main", message: name)
                remotes.append(try GitRemote(path: upstream.path))
                mirrors.append(
                    try await repositories.mirror(
                        of: remotes[remotes.count - 1], branches: ["main"], age: .zero, keeping: []))
            }
            let (first, second) = (try #require(mirrors.first), try #require(mirrors.last))
            await repositories.keepMirrors(of: Set(remotes.prefix(1)))
            #expect(FileManager.default.fileExists(atPath: first.path))
            #expect(!FileManager.default.fileExists(atPath: second.path))
            let addresses = URL(filePath: first.path).deletingLastPathComponent().path
            #expect(try FileManager.default.contentsOfDirectory(atPath: addresses).count == 1)

            let head = try #require(try await first.resolve(try .branch("main")))
            let (kept, gone) = ("refs/upstreams/kept/cursor", "refs/upstreams/gone/cursor")
            try await first.update(try [kept, gone].map { ReferenceUpdate(try RefName($0), from: nil, to: head) })
            let remote = try #require(remotes.first)
            let again = try await repositories.mirror(of: remote, branches: ["main"], age: .zero, keeping: [kept])
            #expect(try await again.references(under: "refs/upstreams/").targets.map(\.key.rawValue) == [kept])
        }
    }

    @Test("What a process set aside and did not live to remove goes with the next look, and leaves its place at once")
    func setAside() async throws {
        try await with { repositories, folder, _ in
            let upstream = try await ScriptedRepository.create(at: "\(folder)/up.git")
            let head = try await upstream.push(["a": "1"], to: "main")
            let remote = try GitRemote(path: upstream.path)
            func mirror() async throws -> GitMirror {
                try await repositories.mirror(of: remote, branches: ["main"], age: .zero, keeping: [])
            }
            let path = try await mirror().path
            #expect(MirrorDisposal.setAside(path) && !FileManager.default.fileExists(atPath: path))
            #expect(try await mirror().resolve(try .branch("main")) == head)
            let addresses = URL(filePath: path).deletingLastPathComponent().path
            #expect(try FileManager.default.contentsOfDirectory(atPath: addresses).count == 2)
            await repositories.keepMirrors(of: [remote])
            let left = try FileManager.default.contentsOfDirectory(atPath: addresses)
            #expect(left.map { "\(addresses)/\($0)" } == [path])
        }
    }

    @Test("A host that asked to wait is asked by nobody until then")
    func pauses() async throws {
        let refusal = SluiceError("git.rate-limited", .transient, "wait", retryAfter: .seconds(300))
        try await with(refusal: refusal) { repositories, _, count in
            for project in ["one", "two"] {
                let error = await #expect(throws: SluiceError.self) {
                    try await repositories.mirror(
                        of: try GitRemote("https://git.example/\(project).git"), branches: ["main"], age: .zero,
                        keeping: [])
                }
                #expect(error?.code == "git.rate-limited")
            }
            #expect(count.withLockedValue { $0 } == 1)
        }
    }
}
