import CLibpq

extension PostgresError {
    /// Reads the error a result carries.
    init(result: OpaquePointer) {
        func field(_ code: String) -> String? {
            guard let byte = code.utf8.first, let text = PQresultErrorField(result, Int32(byte)) else { return nil }
            return String(cString: text)
        }
        // The letters are those of the protocol's ErrorResponse message; libpq's macros for them are not imported.
        let message = field("M") ?? String(cString: PQresultErrorMessage(result)).trimmingLineEnd
        self.init(.server, message, detail: field("D"), hint: field("H"))
        severity = field("V")
        sqlState = field("C")
        position = field("P").flatMap { Int($0) }
        context = field("W")
        schemaName = field("s")
        tableName = field("t")
        columnName = field("c")
        constraintName = field("n")
        // After these the server ends the session.
        if severity == "FATAL" || severity == "PANIC" { kind = .connectionLost }
        // An error that libpq makes up when the connection breaks has no SQLSTATE.
        if sqlState == nil {
            kind = .connectionLost
            detail = message
            self.message = "the connection to PostgreSQL was lost"
        }
    }

    /// What libpq says about a connection, which may name hosts and addresses: only for operators.
    init(_ kind: Kind, _ message: String, connection: OpaquePointer) {
        self.init(kind, message, detail: String(cString: PQerrorMessage(connection)).trimmingLineEnd)
    }
}

extension String {
    /// Without the line ends that libpq's messages end with.
    var trimmingLineEnd: String {
        var text = Substring(self)
        while text.last?.isNewline == true { text.removeLast() }
        return String(text)
    }
}
