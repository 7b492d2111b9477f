import Diagnostics

/// What the books say, by changeset.
public struct Books: Sendable {
    /// The rows, oldest first.
    public private(set) var entries: [BookEntry]
    private var byKey: [ChangeSet.Identity: Int] = [:]

    /// Makes books of rows, oldest first.
    public init(_ entries: [BookEntry] = []) {
        self.entries = entries
        for (index, entry) in entries.enumerated() { byKey[Self.key(entry.identity)] = index }
    }

    /// The row of a changeset; nil when it has none.
    public subscript(identity: ChangeSet.Identity) -> BookEntry? {
        byKey[Self.key(identity)].map { entries[$0] }
    }

    /// The order number of the next row.
    public var nextOrder: Int { (entries.map(\.order).max() ?? 0) + 1 }

    /// Notes a row, in the place of an older one of the same changeset.
    public mutating func note(_ entry: BookEntry) {
        let key = Self.key(entry.identity)
        if let index = byKey[key] {
            entries[index] = entry
        } else {
            byKey[key] = entries.count
            entries.append(entry)
        }
    }

    /// The identity by which rows and changesets are compared: paths may be written in several ways.
    static func key(_ identity: ChangeSet.Identity) -> ChangeSet.Identity {
        var path = identity.path.replacingAll("\\", with: "/")
        if let rest = path.rest(after: "classpath:") { path = String(rest) }
        while let rest = path.rest(after: "./") { path = String(rest) }
        while let rest = path.rest(after: "/") { path = String(rest) }
        return ChangeSet.Identity(id: identity.id, author: identity.author, path: path)
    }
}
