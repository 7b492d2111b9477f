/// Work that must be done although its task is cancelled: giving back what was taken.
enum Shielded {
    /// Runs `body` in a task of its own and waits for it.
    static func run(_ body: @escaping @Sendable () async -> Void) async {
        await Task { await body() }.value
    }
}
