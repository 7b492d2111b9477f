import Foundation
import Glibc
import StateStore
import TestSupport
import Testing

@testable import ConfigRepository

@Suite("A directory of desired state")
struct DirectorySourceTests {
    @Test("It is another revision when what is in it is, and is gone when it is")
    func revisions() async throws {
        try await withTemporaryDirectory("desired") { directory in
            let source = DirectorySource(directory)
            func write(_ text: String) throws {
                try text.write(toFile: "\(directory)/a.yaml", atomically: true, encoding: .utf8)
            }
            var seen: Set<ConfigurationRevision> = []
            for text in ["a: 1", "a: 2", "a: 2"] {
                try write(text)
                seen.insert(try await source.head(since: nil).revision)
            }
            #expect(seen.count == 2)
            try FileManager.default.removeItem(atPath: directory)
            await #expect(throws: (any Error).self) { try await source.head(since: nil) }
        }
    }

    @Test("A slow disk keeps a thread of the source's own waiting, not those that everything else runs on")
    func thread() async {
        let source = DirectorySource("/nowhere")
        var (own, others) = (Set<UInt>(), Set<UInt>())
        for _ in 0..<100 {
            others.insert(Self.thread())
            own.insert(await source.thread())
        }
        #expect(own.count == 1 && own.isDisjoint(with: others))
    }

    private static func thread() -> UInt { UInt(pthread_self()) }
}

extension DirectorySource {
    fileprivate func thread() -> UInt { UInt(pthread_self()) }
}
