/// What of a database is read, and how much of it at most.
public struct SchemaReadingOptions: Hashable, Sendable {
    /// The schemas to read; nil for all but the system's own.
    public var schemas: [String]?
    /// Tables that are left out with everything on them, in whatever schema they are: a changelog's own two tables.
    public var excludedTables: [String]
    /// The most objects that a database may have, columns and constraints counted one by one.
    public var maximumObjects: Int
    /// The most bytes of UTF-8 that the texts of the database's objects may have together.
    public var maximumBytes: Int
    /// Bodies of routines that are longer are kept as digest only. In bytes.
    public var maximumBodyBytes: Int
    /// How long each of the two round trips may take.
    public var deadline: Duration

    /// Reads everything but Liquibase's two tables, of databases of a usual size.
    public init(
        schemas: [String]? = nil, excludedTables: [String] = ["databasechangelog", "databasechangeloglock"],
        maximumObjects: Int = 250_000, maximumBytes: Int = 64 << 20, maximumBodyBytes: Int = 64 << 10,
        deadline: Duration = .seconds(60)
    ) {
        self.schemas = schemas
        self.excludedTables = excludedTables
        self.maximumObjects = maximumObjects
        self.maximumBytes = maximumBytes
        self.maximumBodyBytes = maximumBodyBytes
        self.deadline = deadline
    }
}
