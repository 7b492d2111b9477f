import Glibc

/// A serial executor with a thread of its own, for an actor whose methods call blocking C.
///
/// Swift's cooperative pool has as many threads as the machine has cores; one blocking `poll(2)` there stalls half of
/// a small machine. An actor that returns this executor as its `unownedExecutor` may block as long as it likes, and
/// because such methods need no `await`, they never interleave.
///
/// The thread has a stack of 8 MiB, as the pool's own have, of which only what is used takes memory. It ends after ``stop()``
/// once no job is left.
/// A job enqueued after `stop()` still runs: no job may be lost, or its caller would wait for ever.
public final class ThreadExecutor: SerialExecutor, @unchecked Sendable {
    // `Synchronization.Mutex` has no condition to wait on; a pthread mutex is also understood by the thread sanitizer.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [UnownedJob] = []
    private var isStopping = false
    private var hasThread = false
    private let name: String

    /// Makes an executor; its thread starts with the first job. `name` says in a crash report what it served.
    public init(name: String) {
        self.name = name
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(condition)
        mutex.deallocate()
        condition.deallocate()
    }

    /// Queues a job for the thread; starts the thread when there is none.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pthread_mutex_lock(mutex)
        jobs.append(job)
        if hasThread {
            pthread_cond_signal(condition)
        } else {
            hasThread = true
            startThread()
        }
        pthread_mutex_unlock(mutex)
    }

    /// The executor in the form that an actor's `unownedExecutor` returns.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    /// Lets the thread end when it has nothing left to do.
    public func stop() {
        pthread_mutex_lock(mutex)
        isStopping = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    private func startThread() {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, 8 << 20)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let retained = Unmanaged.passRetained(self)
        let status = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ThreadExecutor>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, retained.toOpaque())
        // Without a thread the job can never run and its caller would hang for ever: there is no way to go on.
        precondition(status == 0, "no thread for \(name): \(String(cString: strerror(status)))")
    }

    private func run() {
        while true {
            pthread_mutex_lock(mutex)
            while jobs.isEmpty && !isStopping { pthread_cond_wait(condition, mutex) }
            if jobs.isEmpty {
                hasThread = false
                pthread_mutex_unlock(mutex)
                return
            }
            let batch = jobs
            jobs = []
            pthread_mutex_unlock(mutex)
            for job in batch { job.runSynchronously(on: asUnownedSerialExecutor()) }
        }
    }
}
