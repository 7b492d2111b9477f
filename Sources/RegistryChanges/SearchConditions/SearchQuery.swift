import Changelog
import Diagnostics

/// A query as a search condition writes it: tables with the columns taken from them, joins and conditions.
struct SearchQuery: Sendable {
    /// A table, or an earlier part of the condition, with what is taken from it.
    struct Table: Sendable {
        var name: String
        var alias: String?
        var columns: [SearchColumn]
        var functions: [SearchFunction]
        var operators: [SearchOperator]

        var prefix: String { alias.map { "\($0)." } ?? "" }
        /// The columns of its own and of its operators.
        var allColumns: [SearchColumn] { columns + operators.flatMap(\.allColumns) }
    }

    /// How two tables go together.
    struct Join: Sendable {
        var type: String
        var left: (alias: String, columns: [String])
        var right: (alias: String, columns: [String])
        var conditions: [SearchPredicate]
    }

    var tables: [Table]
    var joins: [Join]
    var conditions: [SearchPredicate]
}

/// A column of a search condition.
struct SearchColumn: Sendable {
    var name: String
    var alias: String?
    var type: String?
    var sorting: String?
    var searchType: String?
    var isReturned: Bool?
    var isRequired: Bool?
    var fetchType: String?

    var label: String { alias ?? name }
}

/// A function over a column.
struct SearchFunction: Sendable {
    var name: String
    var column: String
    var alias: String
    var parameter: String?
    var window: String?
}

/// Columns that are searched together by `and` or `or`.
struct SearchOperator: Sendable {
    var type: String
    var columns: [SearchColumn]
    var operators: [SearchOperator]

    var allColumns: [SearchColumn] { columns + operators.flatMap(\.allColumns) }
}

/// A condition on a column, with those that follow inside it.
struct SearchPredicate: Sendable {
    var logic: String?
    var alias: String?
    var column: String
    var comparison: String
    var inner: [SearchPredicate]
}
