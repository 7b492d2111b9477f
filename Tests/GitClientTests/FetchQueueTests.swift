import Diagnostics
import NIOConcurrencyHelpers
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

    @Test("Whoever is cancelled waits no longer, and the fetch goes on for the others")
    func cancelled() async throws {
        let (queue, host) = (FetchQueue(), Host())
        let heads = try Self.heads()
        let (first, second) = (
            Task { try await queue.fetch(into: "a.git", heads) { await host.fetch() } },
            Task { try await queue.fetch(into: "a.git", heads, age: .seconds(3600)) { await host.fetch() } }
        )
        while await host.begun == 0 { await Task.yield() }
        first.cancel()
        second.cancel()
        for task in [first, second] { await #expect(throws: CancellationError.self) { try await task.value } }
        async let third: Void = queue.fetch(into: "a.git", heads, age: .seconds(3600)) {}
        host.open.yield()
        host.open.yield()
        try await third
    }

    @Test("A question that has waited is answered by a fetch that began meanwhile, by one of the same references only")
    func aged() async throws {
        let time = NIOLockedValueBox(Duration.zero)
        let queue = FetchQueue { time.withLockedValue { $0 } }
        let (heads, tags) = (try Self.heads(), [try RefSpec("refs/tags/*", to: "refs/tags/*")])
        let count = NIOLockedValueBox(0)
        func ask(_ refspecs: [RefSpec], age: Duration = .zero) async throws -> Int {
            try await queue.fetch(into: "a.git", refspecs, age: age) { count.withLockedValue { $0 += 1 } }
            return count.withLockedValue { $0 }
        }
        #expect(try await ask(heads, age: .seconds(5)) == 1, "there is none yet")
        time.withLockedValue { $0 += .seconds(3) }
        #expect(try await ask(heads, age: .seconds(5)) == 1)
        #expect(try await ask(heads, age: .seconds(2)) == 2, "that one began before the question")
        #expect(try await ask(heads) == 3)
        #expect(try await ask(tags, age: .seconds(5)) == 4)
        #expect(try await ask(heads, age: .seconds(5)) == 5)
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
