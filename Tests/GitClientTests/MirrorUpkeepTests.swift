import Foundation
import GitClient
import Logging
import TestSupport
import Testing

@Suite struct MirrorUpkeepTests {
    @Test func `a mirror is compacted after so many fetches, and nothing in it is lost`() async throws {
        try await withTemporaryDirectory("upkeep") { directory in
            let repository = try await ScriptedRepository.create(at: "\(directory)/remote.git")
            let remote = try GitRemote(path: repository.path)
            let transport = GitTransport(allowing: [.file], scratchDirectory: "\(directory)/scratch")
            let upkeep = MirrorUpkeep(interval: 3, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let path = "\(directory)/mirror.git"
            var (compacted, heads): ([Bool], [ObjectID]) = ([], [])
            for number in 1...6 {
                heads.append(try await repository.push(["n": .text("\(number)")], to: "main"))
                try await transport.clone(
                    remote, into: path, refspecs: [try RefSpec("refs/heads/*", to: "refs/heads/*")])
                compacted.append(await upkeep.fetched(into: path, by: transport))
            }
            #expect(compacted == [false, false, true, false, false, true])
            let packs = try FileManager.default.contentsOfDirectory(atPath: "\(path)/objects/pack")
            #expect(packs.count { $0.hasSuffix(".pack") } == 1, "\(packs)")
            let mirror = try await GitMirror.open(path)
            for head in heads { #expect(try await mirror.contains(head)) }
            #expect(try await mirror.resolve(try .branch("main")) == heads.last)
        }
    }

    @Test func `a mirror that cannot be compacted is no failure`() async throws {
        try await withTemporaryDirectory("upkeep") { directory in
            let transport = GitTransport(allowing: [.file], scratchDirectory: directory)
            let upkeep = MirrorUpkeep(interval: 1, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            #expect(await !upkeep.fetched(into: "\(directory)/none.git", by: transport))
        }
    }
}
