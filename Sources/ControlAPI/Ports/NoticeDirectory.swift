public import DesiredState
public import StateStore

/// What people and programs were told, and what became of it.
public protocol NoticeDirectory: Sendable {
    /// Notices, newest first.
    func list(_ filter: NoticeFilter, page: PageRequest) async throws -> Page<Notice>
    /// One notice; nil when there is none, or none any more.
    func notice(_ id: Int64) async throws -> Notice?
    /// Has a notice sent once more. Nil when there is none; the pass that does it otherwise.
    func redeliver(_ id: Int64) async throws -> Int64?
    /// Has a channel told that this is a test. Returns the notice's number and the pass that sends it.
    func test(_ channel: ResourceKey, by actor: String) async throws -> (id: Int64, pass: Int64)
}

/// The store's own outbox answers.
extension NoticeOutbox: NoticeDirectory {}
