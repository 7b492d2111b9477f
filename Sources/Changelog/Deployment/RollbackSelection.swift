import Diagnostics

/// Which changesets a rollback takes back, decided from the books and the changelog alone.
struct RollbackSelection {
    /// A changeset and its row.
    struct Step: Sendable {
        let prepared: PreparedChangeSet
        let entry: BookEntry
    }

    /// The changesets in the order in which they go, the last one first.
    let steps: [Step]

    /// Decides. Rows whose changesets the changelog does not have, or the filter leaves out, stay and do not count.
    ///
    /// - Throws: `SluiceError` `changelog.unknown-tag`.
    init(_ changelog: PreparedChangelog, books: Books, target: Deployer.RollbackTarget) throws {
        let changeSets = Dictionary(
            changelog.changeSets.map { (Books.key($0.identity), $0) }, uniquingKeysWith: { first, _ in first })
        func steps(_ entries: some Sequence<BookEntry>) -> [Step] {
            entries.compactMap { entry in
                changeSets[Books.key(entry.identity)].map { Step(prepared: $0, entry: entry) }
            }
        }
        switch target {
        case .count(let count): self.steps = Array(steps(books.entries.reversed()).prefix(max(0, count)))
        case .date(let date):
            let limit = date.description
            self.steps = steps(books.entries.reversed().filter { ($0.executedAt ?? "") > limit })
        case .tag(let tag, let version):
            let isTagged = { (entry: BookEntry) in entry.tag.map { $0.lowercased() == tag.lowercased() } ?? false }
            let place =
                version == .oldest
                ? books.entries.firstIndex(where: isTagged) : books.entries.lastIndex(where: isTagged)
            guard let place else {
                throw SluiceError("changelog.unknown-tag", .stalled, "no changeset carries the tag \(tag)")
            }
            let behind = steps(books.entries.suffix(from: place + 1).reversed())
            // A changeset that only sets the tag goes as well, as Liquibase has it.
            let tagging = steps([books.entries[place]]).filter { step in
                step.entry.description == TagDatabase.name
                    && !step.prepared.changes.contains { ($0.change as? TagDatabase)?.staysOnRollback ?? false }
            }
            self.steps = behind + tagging
        }
    }
}
