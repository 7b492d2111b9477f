/// The rows a statement returned, and what the server says about them.
///
/// Rows and values are decoded when they are asked for; the whole result stays in memory as long as one row of it does.
public struct PostgresRows: Sendable, RandomAccessCollection {
    let result: QueryResult

    /// The columns' names, in the order of the statement.
    public var columns: [String] { result.columns }
    /// How many rows were returned, inserted, updated, deleted, merged or copied; 0 for other statements.
    public var affected: Int { result.affected }
    /// The server's word for what it did, such as `INSERT 0 1`.
    public var commandTag: String { result.commandTag }

    /// Always 0.
    public var startIndex: Int { 0 }
    /// The number of rows.
    public var endIndex: Int { result.count }

    /// The row at an index. Every column of a row outside the result is NULL.
    public subscript(position: Int) -> PostgresRow { PostgresRow(result: result, index: position) }

    /// The only row.
    ///
    /// - Throws: ``PostgresError`` of kind `decoding` when there is none, or more than one.
    public func single() throws -> PostgresRow {
        guard let first, count == 1 else {
            throw PostgresError(.decoding, "expected exactly one row, got \(count)")
        }
        return first
    }
}
