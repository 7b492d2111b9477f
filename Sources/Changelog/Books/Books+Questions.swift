extension Books {
    /// Whether a changeset carries the tag.
    public func hasTag(_ tag: String) -> Bool { entries.contains { $0.tag == tag } }

    /// The rows whose changesets a changelog does not have.
    public func unexpected(by changelog: PreparedChangelog) -> [BookEntry] {
        let known = Set(changelog.changeSets.map { Self.key($0.identity) })
        return entries.filter { !known.contains(Self.key($0.identity)) }
    }
}

extension ResolvedChangelog {
    /// The changelog with nothing but one changeset; nil when it does not have it.
    public func only(_ identity: ChangeSet.Identity) -> ResolvedChangelog? {
        let key = Books.key(identity)
        var copy = self
        copy.changeSets = changeSets.filter { Books.key($0.identity) == key }
        return copy.changeSets.isEmpty ? nil : copy
    }
}
