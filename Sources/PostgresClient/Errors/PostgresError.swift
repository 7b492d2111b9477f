public import Diagnostics

/// What went wrong between this process and a PostgreSQL server.
///
/// `description` is safe to show to the author of the SQL: the server's severity, SQLSTATE and primary message, and
/// never parameters, hosts or passwords. `debugDescription` has everything and is for operators.
public struct PostgresError: Error, Sendable {
    /// The side on which it went wrong.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// No session could be opened.
        case connect
        /// The server refused the statement; ``PostgresError/sqlState`` says why.
        case server
        /// The deadline passed. The statement was cancelled, or the connection was dropped when that took too long.
        case timeout
        /// Somebody called ``PostgresConnection/cancelRunningStatement()``.
        case cancelled
        /// The session ended under the statement; whether the statement took effect is unknown.
        case connectionLost
        /// The connection was used in a way its state does not allow, or the server's answer made no sense.
        case protocolViolation
        /// A value is not of the type that was asked for.
        case decoding
        /// An argument that PostgreSQL cannot take, such as a text with a NUL.
        case invalidArgument
    }

    /// The side on which it went wrong.
    public var kind: Kind
    /// The server's five-character error code, when the server spoke.
    public var sqlState: String?
    /// The server's severity (`ERROR`, `FATAL`, `PANIC`), never translated.
    public var severity: String?
    /// What happened, in one sentence; the server's primary message when the server spoke.
    public var message: String
    /// The server's details. They may quote data.
    public var detail: String?
    /// What to do about it.
    public var hint: String?
    /// The character, from 1, of the statement as it was sent where the server saw the error.
    public var position: Int?
    /// The place in the script, when a script was run.
    public var script: ScriptPosition?
    /// The context in which it happened, such as the line of a PL/pgSQL function.
    public var context: String?
    /// The schema of the object concerned, when the server names it.
    public var schemaName: String?
    /// The table concerned, when the server names it.
    public var tableName: String?
    /// The column concerned, when the server names it.
    public var columnName: String?
    /// The constraint concerned, when the server names it.
    public var constraintName: String?
    /// The index, from 0, of the failing statement of a pipeline.
    public var statementIndex: Int?

    /// Makes an error that did not come from the server.
    public init(_ kind: Kind, _ message: String, detail: String? = nil, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.detail = detail
        self.hint = hint
    }

    /// Whether the server answered with this SQLSTATE, or with one of this class when two characters are given.
    public func hasState(_ state: String) -> Bool { sqlState?.begins(with: state) ?? false }
}

extension PostgresError {
    /// A place in a script. Characters, lines and columns count from 1.
    public struct ScriptPosition: Sendable, Hashable {
        /// The number of the failing statement.
        public var statement: Int
        /// Where in the whole script: where the server points, else where the failing statement starts.
        public var character: Int
        /// The line of ``character``.
        public var line: Int
        /// The column of ``character``.
        public var column: Int

        /// Makes a place.
        public init(statement: Int, character: Int, line: Int, column: Int) {
            self.statement = statement
            self.character = character
            self.line = line
            self.column = column
        }
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    /// The safe rendering: what happened, and where in the script.
    public var description: String {
        var text = message
        if kind == .server, let sqlState { text = "\(severity ?? "ERROR") \(sqlState): \(message)" }
        if let script { text += " (statement \(script.statement), line \(script.line), column \(script.column))" }
        return text
    }

    /// Everything that is known, for operators.
    public var debugDescription: String {
        var text = "PostgresError.\(kind): \(description)"
        let more: [(String, String?)] = [
            ("detail", detail), ("hint", hint), ("position", position.map(String.init)), ("context", context),
            ("schema", schemaName), ("table", tableName), ("column", columnName), ("constraint", constraintName),
            ("statement of the pipeline", statementIndex.map(String.init)),
        ]
        for case (let name, let value?) in more { text += "\n  \(name): \(value)" }
        return text
    }
}

extension PostgresError: SluiceErrorConvertible {
    /// Codes: `postgres.connect-failed`, `.statement-failed`, `.timeout`, `.cancelled`, `.connection-lost`,
    /// `.protocol-violation`, `.decoding-failed`, `.invalid-argument`.
    public var sluiceError: SluiceError {
        SluiceError(code, sluiceKind, description, hint: hint, detail: debugDescription, cause: self)
    }

    private var code: SluiceError.Code {
        switch kind {
        case .connect: "postgres.connect-failed"
        case .server: "postgres.statement-failed"
        case .timeout: "postgres.timeout"
        case .cancelled: "postgres.cancelled"
        case .connectionLost: "postgres.connection-lost"
        case .protocolViolation: "postgres.protocol-violation"
        case .decoding: "postgres.decoding-failed"
        case .invalidArgument: "postgres.invalid-argument"
        }
    }

    private var sluiceKind: SluiceError.Kind {
        switch kind {
        case .connect, .timeout, .connectionLost: .transient
        case .cancelled: .conflict
        case .server: isTransient ? .transient : .stalled
        case .protocolViolation, .decoding, .invalidArgument: .stalled
        }
    }

    /// Whether the same statement may succeed later although nobody changes it.
    public var isTransient: Bool {
        switch kind {
        case .connect, .timeout, .connectionLost: true
        case .server: Self.transientStates.contains { hasState($0) }
        case .cancelled, .protocolViolation, .decoding, .invalidArgument: false
        }
    }

    /// Connection trouble, no resources, a server that stops or starts, serialization failure, deadlock, an object in
    /// use, a lock not to be had, and an operating system that fails the server.
    private static let transientStates = [
        "08", "53", "57P01", "57P02", "57P03", "40001", "40P01", "55006", "55P03", "58030",
    ]
}
