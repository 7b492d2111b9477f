import Testing

@testable import Changelog

@Suite struct SQLDialectTests {
    @Test(
        "names are quoted as the strategy says",
        arguments: [
            ("person", "person", "person", "\"person\""), ("PERSON", "PERSON", "PERSON", "\"PERSON\""),
            ("Person", "\"Person\"", "Person", "\"Person\""), ("user", "\"user\"", "\"user\"", "\"user\""),
            ("a-b", "\"a-b\"", "\"a-b\"", "\"a-b\""), ("1a", "\"1a\"", "\"1a\"", "\"1a\""),
            ("a\"b", "\"a\"\"b\"", "\"a\"\"b\"", "\"a\"\"b\""),
        ])
    func names(_ name: String, _ legacy: String, _ reservedOnly: String, _ all: String) {
        #expect(SQLDialect(quoting: .legacy).name(name) == legacy)
        #expect(SQLDialect(quoting: .quoteOnlyReservedWords).name(name) == reservedOnly)
        #expect(SQLDialect(quoting: .quoteAllObjects).name(name) == all)
    }

    @Test(
        "types of other databases are PostgreSQL's",
        arguments: [
            ("int", "INTEGER"), ("varchar(10)", "VARCHAR(10)"), ("nvarchar2(20)", "VARCHAR(20)"),
            ("VARCHAR2(255 CHAR)", "VARCHAR(255)"), ("clob", "TEXT"), ("blob", "OID"), ("longblob", "BYTEA"),
            ("number(10, 2)", "numeric(10, 2)"), ("decimal(1,2)", "DECIMAL(1, 2)"),
            ("datetime", "TIMESTAMP WITHOUT TIME ZONE"),
            ("timestamp", "TIMESTAMP WITHOUT TIME ZONE"), ("timestamp(3)", "TIMESTAMP(3) WITHOUT TIME ZONE"),
            ("timestamp with timezone", "TIMESTAMP WITH TIME ZONE"), ("timestamptz", "TIMESTAMP WITH TIME ZONE"),
            ("time", "time WITHOUT TIME ZONE"), ("date", "date"), ("bit", "BIT"), ("boolean", "BOOLEAN"),
            ("tinyint(1)", "SMALLINT"), ("double", "DOUBLE PRECISION"), ("real", "REAL"), ("uuid[]", "UUID[]"),
            ("jsonb", "JSONB"), ("type_file", "TYPE_FILE"), ("bigserial", "BIGINT"), ("currency", "DECIMAL"),
            ("varchar(2147483647)", "CHARACTER VARYING"), ("bit varying(10)", "BIT VARYING(10)"),
        ])
    func types(_ written: String, _ expected: String) {
        #expect(DataType(written).sql == expected)
    }
}
