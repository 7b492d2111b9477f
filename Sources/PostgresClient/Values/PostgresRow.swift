public import Foundation

/// One row. Columns are named or counted from 0; of two columns of one name the first is meant.
///
/// The plain accessors throw a ``PostgresError`` of kind `decoding` for NULL, for a column that does not exist and for
/// a value that is not of the type; the `optional…` ones return nil for NULL.
public struct PostgresRow: Sendable {
    let result: QueryResult
    let index: Int

    /// The columns' names.
    public var columns: [String] { result.columns }

    /// The value of a column.
    public func value<Value: PostgresDecodable>(
        _ column: some PostgresColumn, as type: Value.Type = Value.self
    ) throws -> Value {
        guard let value = try optional(column, as: type) else {
            throw PostgresError(.decoding, "column \(column.postgresColumnName) is null")
        }
        return value
    }

    /// The value of a column, nil for NULL.
    public func optional<Value: PostgresDecodable>(
        _ column: some PostgresColumn, as type: Value.Type = Value.self
    ) throws -> Value? {
        guard let position = column.postgresColumnIndex(in: result.columns) else {
            throw PostgresError(.decoding, "the result has no column \(column.postgresColumnName)")
        }
        return try result.withBytes(row: index, column: position) { bytes in
            guard let value = Value(postgresText: bytes) else {
                throw PostgresError(
                    .decoding, "column \(column.postgresColumnName) is not \(Value.postgresTypeDescription)",
                    detail: "value: \(String(decoding: bytes.prefix(200), as: UTF8.self))")
            }
            return value
        }
    }
}

extension PostgresRow {
    /// A text, or the text form of a value of any type.
    public func string(_ column: some PostgresColumn) throws -> String { try value(column) }
    /// A text, or the text form of a value of any type; nil for NULL.
    public func optionalString(_ column: some PostgresColumn) throws -> String? { try optional(column) }
    /// A whole number.
    public func int(_ column: some PostgresColumn) throws -> Int { try value(column) }
    /// A whole number; nil for NULL.
    public func optionalInt(_ column: some PostgresColumn) throws -> Int? { try optional(column) }
    /// A whole number.
    public func int64(_ column: some PostgresColumn) throws -> Int64 { try value(column) }
    /// A whole number; nil for NULL.
    public func optionalInt64(_ column: some PostgresColumn) throws -> Int64? { try optional(column) }
    /// A `boolean`.
    public func bool(_ column: some PostgresColumn) throws -> Bool { try value(column) }
    /// A `boolean`; nil for NULL.
    public func optionalBool(_ column: some PostgresColumn) throws -> Bool? { try optional(column) }
    /// A number.
    public func double(_ column: some PostgresColumn) throws -> Double { try value(column) }
    /// A number; nil for NULL.
    public func optionalDouble(_ column: some PostgresColumn) throws -> Double? { try optional(column) }
    /// A finite `timestamptz`.
    public func date(_ column: some PostgresColumn) throws -> Date { try value(column) }
    /// A finite `timestamptz`; nil for NULL.
    public func optionalDate(_ column: some PostgresColumn) throws -> Date? { try optional(column) }
    /// A `bytea`.
    public func bytes(_ column: some PostgresColumn) throws -> [UInt8] { try value(column) }
    /// A `bytea`; nil for NULL.
    public func optionalBytes(_ column: some PostgresColumn) throws -> [UInt8]? { try optional(column) }
    /// A one-dimensional array without NULLs, each element in its text form.
    public func strings(_ column: some PostgresColumn) throws -> [String] { try value(column) }
    /// A one-dimensional array without NULLs, each element in its text form; nil for NULL.
    public func optionalStrings(_ column: some PostgresColumn) throws -> [String]? { try optional(column) }
}

/// Names a column of a row: a `String` by its name, an `Int` by its place from 0.
public protocol PostgresColumn {
    /// Its place among the columns, if it is there.
    func postgresColumnIndex(in columns: [String]) -> Int?
    /// How messages call it.
    var postgresColumnName: String { get }
}

extension String: PostgresColumn {
    /// The first column of that name.
    public func postgresColumnIndex(in columns: [String]) -> Int? { columns.firstIndex(of: self) }
    /// How messages call it.
    public var postgresColumnName: String { "\"\(self)\"" }
}

extension Int: PostgresColumn {
    /// The number itself, if there is such a column.
    public func postgresColumnIndex(in columns: [String]) -> Int? { columns.indices.contains(self) ? self : nil }
    /// How messages call it.
    public var postgresColumnName: String { "number \(self)" }
}
