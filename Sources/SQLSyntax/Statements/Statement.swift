/// One statement.
public struct Statement: Hashable, Sendable {
    /// What it does.
    public var kind: Kind
    /// How its text begins.
    let opening: String

    /// What a statement does, as far as rules ask.
    public enum Kind: Hashable, Sendable {
        case createTable(CreateTable)
        /// `CREATE TABLE AS`, `SELECT INTO` and `CREATE MATERIALIZED VIEW`.
        case createFilled(QualifiedName, ObjectKind, isTemporary: Bool)
        case createIndex(CreateIndex)
        case alterTable(AlterTable)
        case drop(Drop)
        case rename(Rename)
        /// `ALTER … SET SCHEMA`.
        case move(ObjectKind, QualifiedName?, toSchema: String)
        case truncate([QualifiedName])
        case change(DataChange)
        /// `LOCK TABLE` in a mode that keeps writers out, or changes of the schema.
        case lock([QualifiedName])
        case vacuum(isFull: Bool, [QualifiedName])
        case cluster(QualifiedName?)
        case reindex(isConcurrent: Bool)
        case refresh(QualifiedName?, isConcurrent: Bool)
        /// A statement about what all databases of a server share: roles, databases, tablespaces, settings.
        case clusterWide
        /// `SET` and the like; `isLocal` ends with the transaction.
        case setting(name: String, isLocal: Bool)
        /// `ALTER TYPE … ADD VALUE`.
        case addEnumValue
        /// Begins or ends a transaction, or a part of one.
        case transaction
        /// A query without effect that the grammar shows.
        case query
        /// Any other statement, by the name that PostgreSQL has for it.
        case other(String)
    }
}

/// What a statement is about.
public enum ObjectKind: String, Sendable, Hashable {
    case table, index, view, sequence, schema, type, domain, column, constraint, function, trigger, database
    case materializedView = "materialized view"
    case foreignTable = "foreign table"
    case role
    case other

    init(_ name: String?) {
        switch name {
        case "OBJECT_TABLE": self = .table
        case "OBJECT_INDEX": self = .index
        case "OBJECT_VIEW": self = .view
        case "OBJECT_MATVIEW": self = .materializedView
        case "OBJECT_SEQUENCE": self = .sequence
        case "OBJECT_SCHEMA": self = .schema
        case "OBJECT_TYPE": self = .type
        case "OBJECT_DOMAIN": self = .domain
        case "OBJECT_COLUMN": self = .column
        case "OBJECT_TABCONSTRAINT", "OBJECT_DOMCONSTRAINT": self = .constraint
        case "OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE", "OBJECT_AGGREGATE": self = .function
        case "OBJECT_TRIGGER": self = .trigger
        case "OBJECT_FOREIGN_TABLE": self = .foreignTable
        case "OBJECT_DATABASE": self = .database
        case "OBJECT_ROLE": self = .role
        default: self = .other
        }
    }
}

/// `CREATE TABLE`.
public struct CreateTable: Hashable, Sendable {
    /// Its name.
    public var name: QualifiedName
    /// Its own columns; those of a parent or of `LIKE` are not among them.
    public var columns: [ColumnDefinition]
    /// Its constraints, without those at columns.
    public var constraints: [Constraint]
    /// Whether it ends with the session.
    public var isTemporary: Bool
    /// Whether it may have been there before.
    public var ifNotExists: Bool
}

/// `CREATE INDEX`.
public struct CreateIndex: Hashable, Sendable {
    /// Its name, when one is written.
    public var name: String?
    /// The table.
    public var table: QualifiedName
    /// Whether writers may go on meanwhile.
    public var isConcurrent: Bool
    /// Whether an index of that name, of whatever state, is enough.
    public var ifNotExists: Bool
}

/// `DROP`.
public struct Drop: Hashable, Sendable {
    /// What is dropped.
    public var kind: ObjectKind
    /// The names; a schema's stands alone.
    public var names: [QualifiedName]
    /// Whether what depends on it goes too.
    public var isCascade: Bool
    /// `DROP INDEX CONCURRENTLY`.
    public var isConcurrent: Bool
}

/// `ALTER … RENAME`.
public struct Rename: Hashable, Sendable {
    /// What gets another name.
    public var kind: ObjectKind
    /// The object; for a column its table or view.
    public var object: QualifiedName?
    /// The old name of a column, constraint or schema.
    public var part: String?
    /// The new name.
    public var newName: String
}

/// `INSERT`, `UPDATE`, `DELETE`, `MERGE` and `COPY … FROM`.
public struct DataChange: Hashable, Sendable {
    /// Which.
    public enum Verb: String, Hashable, Sendable { case insert, update, delete, merge, copy }

    /// Which.
    public var verb: Verb
    /// The table.
    public var table: QualifiedName
    /// Whether it says which rows.
    public var hasCondition: Bool
}
