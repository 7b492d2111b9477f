/// A place where one task stops until another opens it.
actor Gate {
    private var isOpen = false
    private var hasStopped = false
    private var stopped: [CheckedContinuation<Void, Never>] = []
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Stops here until the gate is open.
    func stop() async {
        hasStopped = true
        for continuation in waiting { continuation.resume() }
        waiting = []
        if isOpen { return }
        await withCheckedContinuation { stopped.append($0) }
    }

    /// Waits until somebody has come to the gate.
    func waitUntilStopped() async {
        if hasStopped { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Lets everybody pass from now on.
    func open() {
        isOpen = true
        for continuation in stopped { continuation.resume() }
        stopped = []
    }
}
