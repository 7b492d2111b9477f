import CLibpq

/// Owns a `PGresult`. libpq never changes a result once it is made, so any thread may read it.
final class QueryResult: @unchecked Sendable {
    private let raw: OpaquePointer
    let columns: [String]
    let count: Int
    let affected: Int
    let commandTag: String

    /// Takes the result over.
    init(_ raw: OpaquePointer) {
        self.raw = raw
        columns = (0..<PQnfields(raw)).map { PQfname(raw, $0).map { String(cString: $0) } ?? "" }
        count = Int(PQntuples(raw))
        affected = PQcmdTuples(raw).flatMap { Int(String(cString: $0)) } ?? 0
        commandTag = PQcmdStatus(raw).map { String(cString: $0) } ?? ""
    }

    deinit { PQclear(raw) }

    /// Calls `body` with the bytes of a field; returns nil without a call when it is NULL or does not exist.
    func withBytes<R>(row: Int, column: Int, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R? {
        guard (0..<count).contains(row), columns.indices.contains(column) else { return nil }
        let (row, column) = (Int32(row), Int32(column))
        guard PQgetisnull(raw, row, column) == 0, let start = PQgetvalue(raw, row, column) else { return nil }
        return try body(UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(raw, row, column))))
    }
}
