/// A table as it is listed: the shape of the registry platform's own interface.
public struct TableSummary: Hashable, Sendable, Codable {
    /// The table's name.
    public var name: String
    /// Whether it refers to the table of subjects.
    public var objectReference: Bool
    /// The table's comment.
    public var description: String?
}

/// A table in full. On the wire it is what the registry platform calls a data-model snapshot: maps by name, every key
/// present, `null` where nothing is known.
public struct TableInfo: Hashable, Sendable, Codable {
    /// A column.
    public struct Column: Hashable, Sendable, Codable {
        /// The column's name.
        public var name: String
        /// The column's comment.
        public var description: String?
        /// PostgreSQL's name of the type, without length or precision: `int4`, `text`, `_uuid`.
        public var type: String
        /// The default's expression.
        public var defaultValue: String?
        /// Whether it is NOT NULL.
        public var notNullFlag: Bool
    }

    /// A foreign key.
    public struct ForeignKey: Hashable, Sendable, Codable {
        /// A column and what it refers to.
        public struct ColumnPair: Hashable, Sendable, Codable {
            /// The column of this table.
            public var sourceColumnName: String
            /// The column of the target table.
            public var targetColumnName: String
        }

        /// The constraint's name.
        public var name: String
        /// The table that it refers to.
        public var targetTable: String
        /// The columns, in order.
        public var columnPairs: [ColumnPair]
    }

    /// An index, a unique constraint or the primary key.
    public struct Index: Hashable, Sendable, Codable {
        /// A column of the index, or the text of an expression.
        public struct Column: Hashable, Sendable, Codable {
            /// The column's name or the expression.
            public var name: String
            /// `ASC` or `DESC` in a b-tree, `NONE` elsewhere.
            public var sorting: String
        }

        /// The index's name.
        public var name: String
        /// The columns, in order.
        public var columns: [Column]
    }

    /// The table's name.
    public var name: String
    /// Whether it refers to the table of subjects.
    public var objectReference: Bool
    /// The table's comment.
    public var description: String?
    /// The columns by name.
    public var columns: [String: Column]
    /// The foreign keys by name.
    public var foreignKeys: [String: ForeignKey]
    /// The primary key; `null` when there is none.
    public var primaryKey: Index?
    /// The unique indexes by name.
    public var uniqueConstraints: [String: Index]
    /// All other indexes by name.
    public var indices: [String: Index]

    /// Writes every key, with `null` for what is not there, as the seed system's clients expect.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(name, forKey: .name)
        try values.encode(objectReference, forKey: .objectReference)
        try values.encode(description, forKey: .description)
        try values.encode(columns, forKey: .columns)
        try values.encode(foreignKeys, forKey: .foreignKeys)
        try values.encode(primaryKey, forKey: .primaryKey)
        try values.encode(uniqueConstraints, forKey: .uniqueConstraints)
        try values.encode(indices, forKey: .indices)
    }
}
