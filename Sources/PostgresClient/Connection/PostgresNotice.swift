/// Something the server says beside its results: `NOTICE`, `WARNING`, `INFO` and the like.
public struct PostgresNotice: Sendable, Hashable {
    /// `NOTICE`, `WARNING`, …, never translated.
    public let severity: String
    /// The SQLSTATE, such as `42P06` for a schema that exists already.
    public let sqlState: String?
    /// The text. It may quote data.
    public let message: String
}
