import Glibc
import Testing
import ThreadExecution

@Suite struct ThreadExecutorTests {
    /// Counts without a lock: only a serial executor keeps it right.
    private actor Counter {
        private let executor: ThreadExecutor
        private(set) var count = 0
        private(set) var threads: Set<UInt> = []

        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        init(_ executor: ThreadExecutor) { self.executor = executor }

        func add() {
            threads.insert(UInt(pthread_self()))
            count += 1
        }

        func wait(for other: Gate) { other.block() }

        func currentThread() -> UInt { UInt(pthread_self()) }
    }

    /// Blocks a thread until it is opened: what a blocking call of C does.
    private final class Gate: @unchecked Sendable {
        private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
        init() { sem_init(semaphore, 0, 0) }
        deinit {
            sem_destroy(semaphore)
            semaphore.deallocate()
        }
        func block() { sem_wait(semaphore) }
        func open() { sem_post(semaphore) }
    }

    @Test("Jobs of many tasks run one at a time, on one thread")
    func serial() async {
        let executor = ThreadExecutor(name: "test")
        defer { executor.stop() }
        let counter = Counter(executor)
        await withTaskGroup { group in
            for _ in 0..<100 {
                group.addTask { for _ in 0..<100 { await counter.add() } }
            }
        }
        #expect(await counter.count == 10_000)
        #expect(await counter.threads.count == 1)
    }

    @Test("Blocked executors leave the cooperative pool free, however many there are")
    func offThePool() async {
        let gate = Gate()
        let executors = (0..<32).map { ThreadExecutor(name: "blocked \($0)") }
        let blocked = executors.map { executor in
            Task { await Counter(executor).wait(for: gate) }
        }
        // Were they on the pool, its few threads would all be blocked and nothing below could run.
        await withTaskGroup { group in
            for _ in 0..<100 { group.addTask { await Task.yield() } }
        }
        for _ in executors { gate.open() }
        for task in blocked { await task.value }
        for executor in executors { executor.stop() }
    }

    @Test("Two executors have two threads")
    func threads() async {
        let (left, right) = (ThreadExecutor(name: "left"), ThreadExecutor(name: "right"))
        let (first, second) = (Counter(left), Counter(right))
        #expect(await first.currentThread() != second.currentThread())
        left.stop()
        right.stop()
    }

    @Test("No job is lost: those enqueued before, while and after the executor stops all run")
    func stopping() async {
        let executor = ThreadExecutor(name: "test")
        let counter = Counter(executor)
        await withTaskGroup { group in
            for index in 0..<200 {
                group.addTask {
                    if index == 100 { executor.stop() }
                    await counter.add()
                }
            }
        }
        await counter.add()
        executor.stop()
        await counter.add()
        #expect(await counter.count == 202)
    }

    @Test("An executor that is no longer used gives its thread and itself back")
    func release() async {
        weak var leftover: ThreadExecutor?
        await {
            let executor = ThreadExecutor(name: "test")
            leftover = executor
            await Counter(executor).add()
            executor.stop()
        }()
        // The thread holds the executor until it has ended; that takes no time worth waiting for, but some.
        while leftover != nil { await Task.yield() }
        #expect(leftover == nil)
    }
}
