/// Where the books are: the two tables in which Liquibase and Sluice note what has run.
public struct BooksLayout: Sendable, Hashable {
    /// The schema of both tables.
    public var schema: String
    /// The table of changesets that have run.
    public var table: String
    /// The table of the lock.
    public var lockTable: String
    /// Where their indexes go; nil for the database's own place.
    public var tablespace: String?

    /// Makes a layout. Names are written in lower case, as Liquibase does on PostgreSQL.
    public init(
        schema: String = "public", table: String = "databasechangelog", lockTable: String = "databasechangeloglock",
        tablespace: String? = nil
    ) {
        self.schema = schema
        self.table = table.lowercased()
        self.lockTable = lockTable.lowercased()
        self.tablespace = tablespace
    }

    /// The table of changesets as SQL text.
    var tableName: String { SQLDialect(defaultSchema: schema).qualified(table, schema: nil) }

    /// The table of the lock as SQL text.
    var lockTableName: String { SQLDialect(defaultSchema: schema).qualified(lockTable, schema: nil) }
}

extension BooksLayout {
    /// The statement that creates the table of changesets.
    public var createTable: String {
        """
        CREATE TABLE \(tableName) (ID VARCHAR(255) NOT NULL, AUTHOR VARCHAR(255) NOT NULL, \
        FILENAME VARCHAR(255) NOT NULL, DATEEXECUTED TIMESTAMP WITHOUT TIME ZONE NOT NULL, \
        ORDEREXECUTED INTEGER NOT NULL, EXECTYPE VARCHAR(10) NOT NULL, MD5SUM VARCHAR(35), \
        DESCRIPTION VARCHAR(255), COMMENTS VARCHAR(255), TAG VARCHAR(255), LIQUIBASE VARCHAR(20), \
        CONTEXTS VARCHAR(255), LABELS VARCHAR(255), DEPLOYMENT_ID VARCHAR(10))\(tableOptions)
        """
    }

    /// The statements that create the table of the lock, with its one row.
    public var createLockTable: [String] {
        let key = SQLDialect().name("\(lockTable)_pkey")
        let index = tablespace.map { " USING INDEX TABLESPACE \($0)" } ?? ""
        return [
            """
            CREATE TABLE \(lockTableName) (ID INTEGER NOT NULL, LOCKED BOOLEAN NOT NULL, \
            LOCKGRANTED TIMESTAMP WITHOUT TIME ZONE, LOCKEDBY VARCHAR(255), \
            CONSTRAINT \(key) PRIMARY KEY (ID)\(index))\(tableOptions)
            """,
            "DELETE FROM \(lockTableName)",
            "INSERT INTO \(lockTableName) (ID, LOCKED) VALUES (1, FALSE)",
        ]
    }

    private var tableOptions: String { tablespace.map { " TABLESPACE \($0)" } ?? "" }
}
