/// Where a changeset that is no transaction goes on: decided from the journal and from what it is now.
enum Resumption: Sendable, Hashable {
    /// At this statement, from 0; those before it are applied.
    case at(Int)
    /// At this statement or behind it: an index may have been made, in part or as a whole, before the run died.
    case look(Int, IndexStatement)
    /// At this statement or behind it: the index may be gone.
    case lookForGone(Int, String)
    /// Nowhere, before a person has decided.
    case refused(Reason)

    /// Why it cannot go on by itself.
    enum Reason: Sendable, Hashable {
        /// The statements that are applied are not those that stand there now.
        case headEdited(applied: Int)
        /// It is a transaction now, and its statements would all run again.
        case transactional(applied: Int)
        /// A statement was sent, and nobody can tell whether it took effect.
        case unknown(statement: Int, edited: Bool)
    }

    /// Decides.
    init(_ entry: JournalEntry?, _ statements: [SQLStatement], runInTransaction: Bool = false) {
        guard let entry else {
            self = .at(0)
            return
        }
        let applied = entry.applied
        guard !runInTransaction else {
            self = .refused(.transactional(applied: applied))
            return
        }
        guard applied <= statements.count, JournalEntry.digest(statements.prefix(applied)) == entry.head else {
            self = .refused(.headEdited(applied: applied))
            return
        }
        guard entry.state == .intent else {
            self = .at(applied)
            return
        }
        guard let next = statements.dropFirst(applied).first, JournalEntry.digest([next]) == entry.next else {
            self = .refused(.unknown(statement: applied + 1, edited: true))
            return
        }
        switch StatementKind(next) {
        case .repeatable, .session, .transactional: self = .at(applied)
        case .createIndex(let index): self = .look(applied, index)
        case .dropIndex(let name): self = .lookForGone(applied, name)
        case .opaque: self = .refused(.unknown(statement: applied + 1, edited: false))
        }
    }
}
