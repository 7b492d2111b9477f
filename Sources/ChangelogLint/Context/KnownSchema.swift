public import SQLSyntax

/// The tables as far as a changelog tells, statement by statement. What the database had before the first changeset, and
/// what functions and anonymous blocks do, is not known: rules take a table that is not here for one in use.
public struct KnownSchema: Sendable {
    /// Which changeset made a table.
    public struct Creator: Sendable, Hashable {
        /// Its index in run order.
        public var changeSet: Int
        /// Whether it is new; nil when there is no base to tell by.
        public var isNew: Bool?
    }

    /// A table, or something that has rows like one.
    public struct Table: Sendable, Hashable {
        /// The columns' types, by name. Columns of parents and of `LIKE` are not among them.
        public var columns: [String: TypeName] = [:]
        /// Check constraints with the columns that they prove to be not null, by name, once they are valid.
        public var provenNotNull: [String: Set<String>] = [:]
        /// The same of those that are not validated.
        public var unproven: [String: Set<String>] = [:]
        /// Who made it.
        public var creator: Creator
    }

    /// Tables by full name.
    public private(set) var tables: [QualifiedName: Table] = [:]
    /// The table of each index, by the index's full name.
    public private(set) var indexes: [QualifiedName: QualifiedName] = [:]

    /// Takes in what a statement does.
    mutating func apply(_ statement: Statement, by creator: Creator, defaultSchema: String) {
        func full(_ name: QualifiedName) -> QualifiedName {
            QualifiedName(name.name, schema: name.schema ?? defaultSchema)
        }
        switch statement.kind {
        case .createTable(let table):
            guard tables[full(table.name)] == nil else { return }
            var known = Table(creator: creator)
            for column in table.columns { known.add(column) }
            for constraint in table.constraints { known.add(constraint) }
            tables[full(table.name)] = known
        case .createFilled(let name, _, _): tables[full(name)] = Table(creator: creator)
        case .createIndex(let index):
            guard let name = index.name else { return }
            let table = full(index.table)
            indexes[QualifiedName(name, schema: table.schema)] = table
        case .drop(let drop):
            for name in drop.names {
                if drop.kind == .index {
                    indexes[full(name)] = nil
                } else if drop.kind == .schema {
                    tables = tables.filter { $0.key.schema != name.name }
                } else if [.table, .materializedView].contains(drop.kind) {
                    tables[full(name)] = nil
                }
            }
        case .rename(let rename): apply(rename, full)
        case .move(let kind, let name?, let schema) where kind == .table || kind == .materializedView:
            move(full(name), to: QualifiedName(name.name, schema: schema))
        case .alterTable(let change): alter(full(change.table), change.actions)
        default: return
        }
    }

    private mutating func apply(_ rename: Rename, _ full: (QualifiedName) -> QualifiedName) {
        guard let object = rename.object.map(full) else { return }
        switch rename.kind {
        case .table, .materializedView: move(object, to: QualifiedName(rename.newName, schema: object.schema))
        case .column:
            guard let part = rename.part else { return }
            tables[object]?.rename(column: part, to: rename.newName)
        case .index:
            indexes[QualifiedName(rename.newName, schema: object.schema)] = indexes.removeValue(forKey: object)
        default: return
        }
    }

    private mutating func move(_ name: QualifiedName, to newName: QualifiedName) {
        guard let table = tables.removeValue(forKey: name) else { return }
        tables[newName] = table
        for (index, owner) in indexes where owner == name { indexes[index] = newName }
    }

    private mutating func alter(_ name: QualifiedName, _ actions: [AlterTable.Action]) {
        guard var table = tables[name] else { return }
        for action in actions {
            switch action {
            case .addColumn(let column): table.add(column)
            case .dropColumn(let column): table.columns[column] = nil
            case .alterType(let column, let type, _): table.columns[column] = type
            case .addConstraint(let constraint): table.add(constraint)
            case .validateConstraint(let constraint): table.provenNotNull[constraint] = table.unproven[constraint]
            case .dropConstraint(let constraint):
                table.provenNotNull[constraint] = nil
                table.unproven[constraint] = nil
            default: continue
            }
        }
        tables[name] = table
    }
}

extension KnownSchema.Table {
    fileprivate mutating func add(_ column: ColumnDefinition) {
        columns[column.name] = column.type
        for constraint in column.constraints { add(constraint) }
    }

    /// A constraint without a name gets one from the server; it cannot be validated or dropped by a name known here.
    fileprivate mutating func add(_ constraint: Constraint) {
        guard case .check(let condition) = constraint.kind, !condition.nonNullColumns.isEmpty else { return }
        let name = constraint.name ?? "unnamed \(provenNotNull.count + unproven.count)"
        if constraint.isNotValid {
            unproven[name] = Set(condition.nonNullColumns)
        } else {
            provenNotNull[name] = Set(condition.nonNullColumns)
        }
    }

    fileprivate mutating func rename(column: String, to newName: String) {
        columns[newName] = columns.removeValue(forKey: column)
        provenNotNull = provenNotNull.mapValues { Set($0.map { $0 == column ? newName : $0 }) }
        unproven = unproven.mapValues { Set($0.map { $0 == column ? newName : $0 }) }
    }
}
