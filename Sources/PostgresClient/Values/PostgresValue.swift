/// A parameter as it travels to the server.
public enum PostgresValue: Sendable, Hashable {
    /// SQL's NULL.
    case null
    /// The text form of a value; the server infers its type from the statement.
    case text(String)
    /// A `bytea`.
    case bytes([UInt8])
}

/// A type whose values may stand for `$1`, `$2`, … in a statement.
public protocol PostgresParameter {
    /// The value as it travels to the server.
    var postgresValue: PostgresValue { get }
}
