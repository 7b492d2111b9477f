import Diagnostics

/// A changeset whose changes are understood: what it sends, and what the books say of it.
public struct PreparedChangeSet: Sendable {
    /// The changeset.
    public let changeSet: ChangeSet
    /// Its changes.
    public let changes: [DecodedChange]
    /// Its conditions.
    public let preconditions: PreconditionSet?
    /// The rules for its statements.
    public let modifications: [SQLModification]
    /// How its names are written.
    public let dialect: SQLDialect
    /// Its checksum as it is written today.
    public let checksum: Checksum
    let rollback: PreparedRollback
    /// Whether it cannot run as it is written, and its author said that this is no error.
    public let isInvalid: Bool

    init(
        changeSet: ChangeSet, changes: [DecodedChange], preconditions: PreconditionSet?,
        modifications: [SQLModification], dialect: SQLDialect, rollback: PreparedRollback = .inverses,
        isInvalid: Bool = false
    ) {
        self.changeSet = changeSet
        self.changes = changes
        self.preconditions = preconditions
        self.modifications = modifications
        self.dialect = dialect
        self.rollback = rollback
        self.isInvalid = isInvalid
        checksum = Self.checksum(.v9, changes, modifications)
    }

    /// Id, author and path.
    public var identity: ChangeSet.Identity { changeSet.identity }

    /// Its checksum as a version of Liquibase made it.
    public func checksum(_ version: Checksum.Version) -> Checksum {
        version == .v9 ? checksum : Self.checksum(version, changes, modifications)
    }

    /// What the books say it does.
    public var description: String {
        guard !changes.isEmpty else { return "empty" }
        return changes.map(\.description).joined(separator: "; ").limitedWithDots(to: 255).limitedWithDots(to: 250)
    }

    /// The tag that its row carries.
    var tag: String? { changes.lazy.compactMap { ($0.change as? TagDatabase)?.tag }.first }

    /// Whether it has one change, which is for other databases or systems: then it is neither run nor recorded.
    var isForOthers: Bool {
        changes.count == 1 && changes.allSatisfy { !Self.isForPostgres($0) || !$0.change.isForThisSystem }
    }

    /// Whether it runs programs on this machine.
    var runsPrograms: Bool { changes.contains { $0.change is ExecuteCommand } }

    /// Its statements, in order, with the rules applied.
    public func statements() throws -> [SQLStatement] {
        var statements: [SQLStatement] = []
        for change in changes where Self.isForPostgres(change) {
            for var statement in try change.change.statements(dialect) {
                if statement.location == nil { statement.location = change.location }
                statements.append(statement)
            }
        }
        return try modifications.applied(to: statements)
    }

    /// The statements, or the failure that an author's `stop` is.
    ///
    /// - Throws: ``ChangelogFailure``
    func requireStatements() throws -> [SQLStatement] {
        do {
            return try statements()
        } catch let stop as ChangeFailure {
            throw ChangelogFailure(
                identity: identity, location: changeSet.location, statementCount: 0, message: stop.message,
                isTransient: false, cause: stop)
        }
    }

    static func isForPostgres(_ change: DecodedChange) -> Bool {
        DbmsList.matches(change.change.dbms, ignoringCase: false)
    }

    private static func checksum(
        _ version: Checksum.Version, _ changes: [DecodedChange], _ modifications: [SQLModification]
    ) -> Checksum {
        var text = ""
        for change in changes where version <= .v8 || isForPostgres(change) { text += "\(change.checksum(version)):" }
        for modification in modifications { text += "\(modification.checksum(version));" }
        return Checksum.of(text, version: version)
    }
}
