public import Changelog
public import Diagnostics
public import SQLSyntax

/// A statement of a new changeset under judgement.
public struct StatementContext: Sendable {
    /// The statement.
    public let statement: Statement
    /// Where it stands.
    public let location: SourceLocation
    /// The tables just before it runs.
    public let schema: KnownSchema
    /// Its changeset.
    public let changeSet: PreparedChangeSet
    /// The changeset's index in run order.
    let index: Int

    /// What is known of a table.
    public func table(_ name: QualifiedName) -> KnownSchema.Table? { schema.tables[full(name)] }

    /// Whether a table comes with the changes under judgement, so that it is empty and nobody waits for it. Without a
    /// base to compare with, that is said only of tables of the same changeset.
    public func isFresh(_ name: QualifiedName) -> Bool {
        guard let creator = table(name)?.creator else { return false }
        return creator.isNew ?? (creator.changeSet == index)
    }

    /// The table of an index, when the changelog tells.
    public func table(ofIndex name: QualifiedName) -> QualifiedName? { schema.indexes[full(name)] }

    /// Remarks about those actions of an `ALTER TABLE`, on a table that others may use, to which a rule has something to
    /// say.
    func remarks(_ say: (AlterTable.Action, QualifiedName) -> String?) -> [LintRemark] {
        guard case .alterTable(let change) = statement.kind, change.kind == .table, !isFresh(change.table) else {
            return []
        }
        return change.actions.compactMap { say($0, change.table) }.map { LintRemark($0) }
    }

    /// Whether it changes a table, or rows of one, that others may use.
    var concernsUsedTable: Bool { concernedTables.contains { !isFresh($0) } }

    private var concernedTables: [QualifiedName] {
        switch statement.kind {
        case .alterTable(let change): change.kind == .table ? [change.table] : []
        case .createIndex(let index): [index.table]
        case .drop(let drop): drop.kind == .table ? drop.names : []
        case .rename(let rename): [rename.object].compactMap(\.self)
        case .move(_, let name, _): [name].compactMap(\.self)
        case .truncate(let tables), .lock(let tables): tables
        case .change(let change): [change.table]
        default: []
        }
    }

    private func full(_ name: QualifiedName) -> QualifiedName {
        QualifiedName(name.name, schema: name.schema ?? changeSet.dialect.defaultSchema)
    }
}
