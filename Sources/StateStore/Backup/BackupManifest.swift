/// What is in a backup: its last part, by which all others are checked.
///
/// The layout is described in docs/reference/backup-format.md.
public struct BackupManifest: Codable, Sendable, Hashable {
    /// A piece of a table's data.
    public struct Part: Codable, Sendable, Hashable {
        /// The name of the file in the archive.
        public let name: String
        /// Its size.
        public let bytes: Int
        /// The SHA-256 digest of its content, in hexadecimal digits.
        public let sha256: String
    }

    /// A table.
    public struct Table: Codable, Sendable, Hashable {
        /// Its name, without the schema.
        public let name: String
        /// The columns that are in the data, in their order. Those that PostgreSQL computes are not.
        public let columns: [String]
        /// How many rows there are.
        public let rows: Int
        /// The data, in the text form of PostgreSQL's COPY, in UTF-8; a row may be cut by the end of a part.
        public let parts: [Part]
    }

    /// The form of the archive.
    public let format: String
    /// When the state was as it is here, by the clock of the database.
    public let takenAt: String
    /// Which installation it is the state of.
    public let installation: String?
    /// The version of the program that made it, for people.
    public let program: String
    /// The version of the database server, for people.
    public let server: String
    /// The version of the schema.
    public let schemaVersion: Int
    /// The changesets that made the schema, in order.
    public let changesets: [String]
    /// The tables, each behind those that it refers to.
    public let tables: [Table]
    /// The last values of the sequences that have given out some.
    public let sequences: [String: Int64]

    /// The form that is written and read.
    static let format = "sluice-backup/1"

    /// How many rows there are.
    public var rows: Int { tables.map(\.rows).reduce(0, +) }
    /// How much data there is.
    public var bytes: Int { tables.flatMap(\.parts).map(\.bytes).reduce(0, +) }
}
