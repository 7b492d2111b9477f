import Diagnostics

/// An error of the database as SQLAlchemy prints it: `sqlalchemy.exc.X: (psycopg2.errors.Y) message`, then the server's
/// other words, then `[SQL: …]`.
struct DatabaseException: Hashable {
    /// The driver's class: PostgreSQL's name of the condition in capitals and without underscores.
    let condition: String
    /// The server's words.
    let message: String
    /// The statement, cut.
    let statement: String?

    private static let shownStatement = 600

    init?(_ exception: [String]) {
        guard
            let match = exception.first?.wholeMatch(
                of: /(?:sqlalchemy\.exc\.\w+: \()?psycopg2?\.(?:errors\.)?(\w+)(?:\)|:) (.*)/)
        else { return nil }
        condition = String(match.1)
        var message = [String(match.2)]
        var statement: [String] = []
        for line in exception.dropFirst() {
            if !statement.isEmpty || line.begins(with: "[SQL:") {
                statement.append(statement.isEmpty ? String(line.dropFirst("[SQL:".count)) : line)
                if line.ends(with: "]") { break }
            } else if line.begins(with: "(Background on") {
                break
            } else {
                message.append(line)
            }
        }
        self.message = Self.trimmed(message.joined(separator: "\n"))
        let text = Self.trimmed(statement.joined(separator: "\n"))
        let sql = Self.trimmed(text.ends(with: "]") ? String(text.dropLast()) : text)
        let isLong = sql.unicodeScalars.count > Self.shownStatement
        let shown = String(String.UnicodeScalarView(sql.unicodeScalars.prefix(Self.shownStatement)))
        self.statement = sql.isEmpty ? nil : shown + (isLong ? " …" : "")
    }

    /// The five characters of the condition, for those that are met often.
    var sqlState: String? { Self.states[condition] }

    func failure(at traceback: PythonTraceback, _ output: MigrationOutput) -> MigrationFailure {
        let state = sqlState.map { " (SQLSTATE \($0))" } ?? ""
        let text = output.relative(message + state + (statement.map { "\nin: \($0)" } ?? ""))
        let (file, line) = (traceback.place?.file, traceback.place?.line)
        if Self.transient.contains(condition) { return MigrationFailure(.interrupted, text, file: file, line: line) }
        // Without a class of its own, an OperationalError is the driver's: it speaks of the connection.
        let trouble = condition == "OperationalError" ? ConnectionTrouble.find(in: message) : nil
        return MigrationFailure(trouble ?? .content, text, file: file, line: line)
    }

    /// What may pass by itself.
    private static let transient: Set<String> = [
        "DeadlockDetected", "LockNotAvailable", "SerializationFailure", "AdminShutdown", "CrashShutdown",
        "CannotConnectNow", "TooManyConnections", "ConnectionFailure", "IdleInTransactionSessionTimeout",
    ]

    private static let states = [
        "ActiveSqlTransaction": "25001", "AdminShutdown": "57P01", "CannotConnectNow": "57P03",
        "CheckViolation": "23514", "ConnectionFailure": "08006", "CrashShutdown": "57P02", "DatatypeMismatch": "42804",
        "DeadlockDetected": "40P01", "DependentObjectsStillExist": "2BP01", "DiskFull": "53100",
        "DivisionByZero": "22012", "DuplicateColumn": "42701", "DuplicateObject": "42710", "DuplicateSchema": "42P06",
        "DuplicateTable": "42P07", "ExclusionViolation": "23P01", "FeatureNotSupported": "0A000",
        "ForeignKeyViolation": "23503", "IdleInTransactionSessionTimeout": "25P03",
        "InFailedSqlTransaction": "25P02", "InsufficientPrivilege": "42501", "InvalidTableDefinition": "42P16",
        "InvalidTextRepresentation": "22P02", "LockNotAvailable": "55P03", "NotNullViolation": "23502",
        "NumericValueOutOfRange": "22003", "QueryCanceled": "57014", "RaiseException": "P0001",
        "SerializationFailure": "40001", "StringDataRightTruncation": "22001", "SyntaxError": "42601",
        "TooManyConnections": "53300", "UndefinedColumn": "42703", "UndefinedFunction": "42883",
        "UndefinedObject": "42704", "UndefinedTable": "42P01", "UniqueViolation": "23505", "WrongObjectType": "42809",
    ]

    private static func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
