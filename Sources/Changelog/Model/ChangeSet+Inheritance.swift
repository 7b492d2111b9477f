import Diagnostics

/// What a changeset is together with the includes and changelogs above it. These texts go into the books.
extension ChangeSet {
    /// The contexts of the changelog, of the includes and of the changeset, ANDed; nil when there are none.
    public var fullContext: String? {
        let own = context.flatMap { FilterList.items($0).isEmpty ? nil : $0 }
        let parts = (inheritedContexts + [own].compactMap(\.self)).map { part in
            part.holds(",") || part.holds(" ") ? "(\(part))" : part
        }
        return parts.joined(separator: " AND ").javaTrimmedToNil
    }

    /// All labels between commas; nil when there are none.
    public var fullLabels: String? {
        (inheritedLabels + [labels].compactMap(\.self)).joined(separator: ",").javaTrimmedToNil
    }
}
