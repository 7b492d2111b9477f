import Diagnostics

/// How a changeset is taken back, understood.
enum PreparedRollback: Sendable {
    /// By the inverse of each change, the last one first.
    case inverses
    /// By these changes, in order.
    case changes([DecodedChange])
    /// By SQL text.
    case sql(String)
    /// By the changes of another changeset.
    case changeSet(ChangeSet.Identity)
}

extension PreparedChangeSet {
    /// The statements that take the changeset back, in order.
    ///
    /// - Parameter changelog: Where the changeset that another one names is found.
    /// - Throws: ``RollbackImpossible`` when a change has no inverse and its author wrote none.
    func rollbackStatements(in changelog: PreparedChangelog) throws -> [SQLStatement] {
        let statements: [SQLStatement]
        switch rollback {
        case .inverses: statements = try inverses()
        case .changes(let changes): statements = try Self.statements(of: changes, dialect).filter(Self.isMeant)
        case .sql(let text):
            let splitter = StatementSplitter(stripsComments: true, delimiter: ";")
            statements = try splitter.statements(text, at: changeSet.location).filter(Self.isMeant)
        case .changeSet(let identity):
            guard let other = changelog.changeSets.first(where: { $0.identity == identity }) else {
                throw RollbackImpossible(reason: "there is no changeset \(identity)")
            }
            statements = try Self.statements(of: other.changes, other.dialect)
        }
        let rules = modifications.filter(\.appliesToRollback)
        return try rules.applied(to: statements)
    }

    /// Why the changeset cannot be taken back; nil when it can.
    public func reasonAgainstRollback(in changelog: PreparedChangelog) -> String? {
        do {
            _ = try rollbackStatements(in: changelog)
            return nil
        } catch let impossible as RollbackImpossible {
            return impossible.reason
        } catch {
            return SluiceError(wrapping: error).message
        }
    }

    private func inverses() throws -> [SQLStatement] {
        try changes.reversed().filter(Self.isForPostgres).flatMap { change in
            guard let inverse = try change.change.inverse(dialect) else {
                throw RollbackImpossible(
                    reason: "\(change.record.name) has no inverse, and the changeset has no rollback")
            }
            return inverse
        }
    }

    /// The word `empty` alone says that there is nothing to take back.
    private static func isMeant(_ statement: SQLStatement) -> Bool { statement.text.lowercased() != "empty" }

    private static func statements(of changes: [DecodedChange], _ dialect: SQLDialect) throws -> [SQLStatement] {
        try changes.filter(isForPostgres).flatMap { try $0.change.statements(dialect) }
    }
}

/// A changeset that cannot be taken back.
struct RollbackImpossible: Error {
    let reason: String
}
