public import DesiredState
public import StateStore

/// Which objects there are, with spec and status.
public protocol ResourceDirectory: Sendable {
    /// The kinds that can be asked for, in the order of lists.
    var kinds: [String] { get }
    /// One object; nil when there is none.
    func resource(_ key: ResourceKey) async throws -> StoredResource?
    /// Objects of a kind in the order of their names, those after `name` when one is given, `limit` at most.
    func resources(kind: String, after name: String?, limit: Int) async throws -> [StoredResource]
}

/// The objects of a state store.
public struct StoredResources: ResourceDirectory {
    /// The kinds that can be asked for.
    public let kinds: [String]
    private let table: ResourceTable

    /// Makes a directory of a store's objects of some kinds.
    public init(_ table: ResourceTable, kinds: [String]) {
        self.table = table
        self.kinds = kinds
    }

    /// One object; nil when there is none.
    public func resource(_ key: ResourceKey) async throws -> StoredResource? { try await table.get(key) }

    /// Objects of a kind in the order of their names.
    public func resources(kind: String, after name: String?, limit: Int) async throws -> [StoredResource] {
        try await table.list(kind: kind, after: name, limit: limit)
    }
}
