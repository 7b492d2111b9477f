import Diagnostics
import Testing

@testable import GitClient

@Suite("Fetches wait for each other")
struct FetchQueueTests {
    /// Fetches that begin when they are let, and are counted.
    private actor Host {
        private(set) var begun = 0
        private let gate: AsyncStream<Void>
        let open: AsyncStream<Void>.Continuation

        init() { (gate, open) = AsyncStream.makeStream(of: Void.self) }

        func fetch() async {
            begun += 1
            for await _ in gate { return }
        }
    }

    private static func heads() throws -> [RefSpec] { [try RefSpec("refs/heads/*", to: "refs/heads/*")] }

    @Test("All who ask while one runs share the next, and nobody gets one that began before the question")
    func shared() async throws {
        let (queue, host) = (FetchQueue(), Host())
        let heads = try Self.heads()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await queue.fetch(into: "a.git", heads) { await host.fetch() } }
            while await host.begun == 0 { await Task.yield() }
            for _ in 0..<20 { group.addTask { try await queue.fetch(into: "a.git", heads) { await host.fetch() } } }
            // Another repository waits for nobody.
            try await queue.fetch(into: "b.git", heads) {}
            while await queue.shared < 19 { await Task.yield() }
            host.open.yield()
            host.open.yield()
            try await group.waitForAll()
        }
        #expect(await host.begun == 2)
    }

    @Test("A fetch that fails fails for those who shared it, and the next one is tried")
    func failing() async throws {
        let queue = FetchQueue()
        let heads = try Self.heads()
        await #expect(throws: SluiceError.self) {
            try await queue.fetch(into: "a.git", heads) { throw SluiceError("git.remote-failed", .transient, "no") }
        }
        try await confirmation { tried in try await queue.fetch(into: "a.git", heads) { tried() } }
    }
}
