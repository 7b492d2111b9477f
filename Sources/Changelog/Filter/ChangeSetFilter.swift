/// Decides which changesets an update looks at: by `dbms`, contexts, labels and `ignore`.
///
/// Pure; nothing here knows the database or what has run.
public struct ChangeSetFilter: Sendable {
    /// Why a changeset is left out.
    public enum Reason: String, Sendable, Codable, CaseIterable {
        /// Its `dbms` names other databases.
        case dbms
        /// Its contexts, or those of an include above it, do not hold.
        case context
        /// The labels asked for are not its own.
        case label
        /// It, or the include that brought it, says `ignore`.
        case ignored
    }

    /// The contexts of the update.
    public var contexts: RuntimeContexts
    /// The labels asked for.
    public var labels: LabelExpression
    /// The kind of database.
    public var dbms: String

    /// Makes a filter; without arguments it lets everything for PostgreSQL through.
    public init(
        contexts: RuntimeContexts = RuntimeContexts(), labels: LabelExpression = LabelExpression(),
        dbms: String = DbmsList.postgresql
    ) {
        self.contexts = contexts
        self.labels = labels
        self.dbms = dbms
    }

    /// Why the changeset is left out; nil when it is not.
    public func reasonToSkip(_ changeSet: ChangeSet) -> Reason? {
        if !DbmsList.matches(changeSet.dbms, database: dbms, ignoringCase: true) { return .dbms }
        if !matchesContext(changeSet) { return .context }
        if !matchesLabels(changeSet) { return .label }
        return changeSet.ignore ? .ignored : nil
    }

    /// Contexts may hold logic on both sides, so either side may hold for the other; what is inherited must hold too.
    private func matchesContext(_ changeSet: ChangeSet) -> Bool {
        let inherited = changeSet.inheritedContexts.filter { $0.javaTrimmedToNil != nil }
        guard inherited.allSatisfy({ ContextExpression($0)?.matches(contexts) ?? false }) else { return false }
        if ContextExpression(changeSet.context)?.matches(contexts) ?? false { return true }
        return asContextExpression.matches(RuntimeContexts(changeSet.fullContext))
    }

    private var asContextExpression: ContextExpression {
        ContextExpression(contexts.names.sorted().joined(separator: ",")) ?? .always
    }

    private func matchesLabels(_ changeSet: ChangeSet) -> Bool {
        let all = changeSet.inheritedLabels + [changeSet.labels].compactMap(\.self)
        return labels.matches(labels: all.joined(separator: ","))
    }
}
