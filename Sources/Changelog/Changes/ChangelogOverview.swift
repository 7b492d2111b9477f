import Diagnostics
import Synchronization

/// What a change may know of the changelog around it: for types whose meaning depends on what other changesets say.
///
/// Every changeset is in it, also those that the filter leaves out and those that come later.
public final class ChangelogOverview: Sendable {
    /// The contexts of the update.
    public let contexts: RuntimeContexts
    private let changeSets: [ChangeSet]
    private let index: Mutex<[Key: [ChangelogNode]]?> = Mutex(nil)

    /// Makes an overview.
    public init(changeSets: [ChangeSet] = [], contexts: RuntimeContexts = RuntimeContexts()) {
        self.changeSets = changeSets
        self.contexts = contexts
    }

    /// The changes of a type that have a value in a field whose name ends in `name`, in the order of the changelog.
    ///
    /// - Parameters:
    ///   - type: The change's name, such as `createTable`.
    ///   - field: The field's name, such as `tableName`.
    ///   - value: The field's value; letters' case does not count.
    public func changes(_ type: String, whose field: String, is value: String) -> [ChangelogNode] {
        index.withLock { index in
            let made = index ?? Self.index(of: changeSets)
            index = made
            return made[Key(type: type, field: field.lowercased(), value: value.lowercased())] ?? []
        }
    }

    private struct Key: Hashable {
        var type: String
        var field: String
        var value: String
    }

    private static func index(of changeSets: [ChangeSet]) -> [Key: [ChangelogNode]] {
        var index: [Key: [ChangelogNode]] = [:]
        for change in changeSets.lazy.flatMap(\.changes) {
            var seen: Set<String> = []
            for child in change.children {
                let field = child.name.lowercased()
                guard field.ends(with: "name"), let value = child.value, seen.insert(field).inserted else { continue }
                index[Key(type: change.name, field: field, value: value.lowercased()), default: []].append(change)
            }
        }
        return index
    }
}
