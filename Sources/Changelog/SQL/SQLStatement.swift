public import Diagnostics

/// One piece of SQL text that a change gives: usually one statement, without its closing semicolon.
public struct SQLStatement: Sendable, Hashable {
    /// What the text is for.
    public enum Role: Sendable, Hashable {
        /// It is sent as it stands.
        case statement
        /// It is a query whose rows' first column are the statements to send: for changes that must ask the catalogs.
        case generator
        /// Its values are written by the types of a table's columns; the text shows them as if nothing were known.
        case typed(TypedStatement)
        /// Nothing is sent: a message for whoever runs the update.
        case message
        /// Nothing is sent: a program runs on this machine, between the statements around it. The text says which.
        case program(ProgramCall)
    }

    /// The text, as Liquibase would send it.
    public var text: String
    /// What the text is for.
    public var role: Role
    /// Where the text stands in the author's file, when it is the author's own.
    public var location: SourceLocation?

    /// Makes a statement.
    public init(_ text: String, role: Role = .statement, location: SourceLocation? = nil) {
        self.text = text
        self.role = role
        self.location = location
    }

    /// Makes a statement that depends on the types of columns.
    init(_ typed: TypedStatement) throws {
        self.init(try typed.texts().joined(separator: ";\n"), role: .typed(typed))
    }
}

extension SQLStatement: ExpressibleByStringInterpolation {
    /// Makes a statement of a literal.
    public init(stringLiteral value: String) { self.init(value) }
}
