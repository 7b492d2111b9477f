/// For each rule that judges statements or changesets: what it is against, and what looks alike and is none of its
/// business. The table `t` and `s.other` of ``Judging/deployed`` are in use; `fresh` is created first in the same changeset.
struct RuleCases: Sendable {
    let rule: String
    var attributes = ""
    let against: [String]
    let content: [String]

    static let all: [RuleCases] = deployment + destruction + columns + constraints + locks + others

    static let deployment = [
        RuleCases(
            rule: "statement-outside-transaction",
            against: [
                "CREATE INDEX CONCURRENTLY i ON t (id)", "DROP INDEX CONCURRENTLY t_name", "VACUUM t",
                "REINDEX TABLE CONCURRENTLY t", "ALTER SYSTEM SET work_mem = '1MB'", "CREATE DATABASE d",
                "ALTER TABLE t DETACH PARTITION p CONCURRENTLY", "REINDEX DATABASE d",
            ], content: ["CREATE INDEX i ON t (id)", "ANALYZE t", "REFRESH MATERIALIZED VIEW CONCURRENTLY m"]),
        RuleCases(
            rule: "statement-outside-transaction", attributes: "runInTransaction:false", against: [],
            content: ["CREATE INDEX CONCURRENTLY i ON t (id)"]),
        RuleCases(
            rule: "needlessly-non-transactional", attributes: "runInTransaction:false",
            against: [
                "ALTER TABLE t ADD x int", "UPDATE t SET id = 1 WHERE id = 2", "SELECT 1; CREATE TABLE x (id int)",
            ],
            content: [
                "CREATE INDEX CONCURRENTLY i ON t (id)", "ALTER TYPE e ADD VALUE 'x'", "CALL work()",
                "DO $$BEGIN END$$",
            ]),
        RuleCases(
            rule: "several-statements-without-transaction", attributes: "runInTransaction:false",
            against: ["CREATE INDEX CONCURRENTLY i ON t (id);\nCREATE INDEX CONCURRENTLY j ON t (name)"],
            content: ["CREATE INDEX CONCURRENTLY i ON t (id)"]),
        RuleCases(
            rule: "mixed-data-and-schema",
            against: [
                "ALTER TABLE t ADD x int;\nUPDATE t SET x = 1 WHERE id > 0",
                "DELETE FROM s.other WHERE id = 1;\nALTER TABLE t DROP name",
            ],
            content: [
                "ALTER TABLE t ADD x int", "UPDATE t SET id = 1 WHERE id = 2",
                "CREATE TABLE x (id int);\nUPDATE t SET id = 1 WHERE id = 2",
                "ALTER TABLE t ADD x int;\nINSERT INTO t (id) VALUES (1)",
            ]),
        RuleCases(
            rule: "session-setting",
            against: [
                "SET search_path = x", "RESET ALL", "SET SESSION AUTHORIZATION x",
                "SELECT pg_catalog.set_config('search_path', '', false)",
            ], content: ["SET LOCAL search_path = x", "SELECT set_config('search_path', '', true)"]),
        RuleCases(
            rule: "unreadable-statement", against: ["CREATE TABEL x ()", "SELECT 'open"],
            content: ["CREATE TABLE x ()", "DO $$ anything at all $$"]),
        RuleCases(
            rule: "unusable-allowance",
            against: [
                "--comment sluice:allow drop-table\nSELECT 1", "--comment sluice:allow drop-tables: why not\nSELECT 1",
            ],
            content: ["--comment sluice:allow drop-table: why not\nSELECT 1", "--comment allowed\nSELECT 1"]),
    ]

    static let destruction = [
        RuleCases(
            rule: "drop-table", against: ["DROP TABLE t", "DROP TABLE IF EXISTS s.other, unknown"],
            content: ["CREATE TABLE fresh (id int);\nDROP TABLE fresh", "DROP VIEW v"]),
        RuleCases(
            rule: "drop-column",
            against: ["ALTER TABLE t DROP COLUMN name", "ALTER TABLE public.t DROP name, DROP id"],
            content: ["CREATE TABLE fresh (id int);\nALTER TABLE fresh DROP id", "ALTER TABLE t DROP CONSTRAINT c"]),
        RuleCases(rule: "drop-schema", against: ["DROP SCHEMA s"], content: ["CREATE SCHEMA x"]),
        RuleCases(rule: "drop-type", against: ["DROP TYPE e", "DROP DOMAIN d"], content: ["DROP FUNCTION f(int)"]),
        RuleCases(
            rule: "drop-cascade", against: ["DROP TABLE t CASCADE", "DROP VIEW v CASCADE"],
            content: ["DROP TABLE t", "CREATE TABLE fresh (id int);\nDROP TABLE fresh CASCADE"]),
        RuleCases(
            rule: "truncate-table", against: ["TRUNCATE t", "TRUNCATE TABLE s.other CASCADE"],
            content: ["CREATE TABLE fresh (id int);\nTRUNCATE fresh", "DELETE FROM t"]),
        RuleCases(
            rule: "delete-without-where", against: ["DELETE FROM t", "DELETE FROM t USING s.other"],
            content: ["DELETE FROM t WHERE id = 1", "CREATE TABLE fresh (id int);\nDELETE FROM fresh"]),
        RuleCases(
            rule: "update-without-where", against: ["UPDATE t SET name = 'x'"],
            content: ["UPDATE t SET name = 'x' WHERE id = 1", "INSERT INTO t (id) VALUES (1)"]),
    ]

    static let columns = [
        RuleCases(
            rule: "add-not-null-without-default",
            against: [
                "ALTER TABLE t ADD x int NOT NULL", "ALTER TABLE unknown ADD x int NOT NULL DEFAULT NULL",
                "ALTER TABLE t ADD x int PRIMARY KEY",
            ],
            content: [
                "ALTER TABLE t ADD x int NOT NULL DEFAULT 0", "ALTER TABLE t ADD x int", "ALTER TABLE t ADD x serial",
                "ALTER TABLE t ADD x int NOT NULL GENERATED ALWAYS AS IDENTITY",
                "CREATE TABLE fresh (id int);\nALTER TABLE fresh ADD x int NOT NULL",
            ]),
        RuleCases(
            rule: "set-not-null",
            against: [
                "ALTER TABLE t ALTER name SET NOT NULL",
                "ALTER TABLE t ADD CONSTRAINT c CHECK (name IS NOT NULL) NOT VALID;\nALTER TABLE t ALTER name SET NOT NULL",
                "ALTER TABLE t ADD CHECK (id IS NOT NULL);\nALTER TABLE t ALTER name SET NOT NULL",
            ],
            content: [
                """
                ALTER TABLE t ADD CONSTRAINT c CHECK (name IS NOT NULL AND id > 0) NOT VALID;
                ALTER TABLE t VALIDATE CONSTRAINT c;
                ALTER TABLE t ALTER name SET NOT NULL
                """,
                "ALTER TABLE t ADD CHECK (name IS NOT NULL);\nALTER TABLE t ALTER name SET NOT NULL",
                "ALTER TABLE t ALTER name DROP NOT NULL",
            ]),
        RuleCases(
            rule: "rewriting-type-change",
            against: [
                "ALTER TABLE t ALTER id TYPE bigint", "ALTER TABLE t ALTER name TYPE varchar(10)",
                "ALTER TABLE t ALTER amount TYPE numeric(12,4)", "ALTER TABLE unknown ALTER x TYPE text",
                "ALTER TABLE t ALTER name TYPE text USING upper(name)", "ALTER TABLE t ALTER made TYPE timestamp",
            ],
            content: [
                "ALTER TABLE t ALTER name TYPE varchar(30)", "ALTER TABLE t ALTER name TYPE text",
                "ALTER TABLE t ALTER name TYPE varchar", "ALTER TABLE t ALTER amount TYPE numeric(12,2)",
                "ALTER TABLE t ALTER amount TYPE numeric", "ALTER TABLE t ALTER id TYPE integer",
            ]),
        RuleCases(
            rule: "narrowing-type-change",
            against: [
                "ALTER TABLE t ALTER name TYPE varchar(10)", "ALTER TABLE t ALTER id TYPE smallint",
                "ALTER TABLE t ALTER amount TYPE numeric(9,2)", "ALTER TABLE t ALTER name TYPE int USING name::int",
                "ALTER TABLE t ALTER amount TYPE int",
            ],
            content: [
                "ALTER TABLE t ALTER id TYPE bigint", "ALTER TABLE t ALTER made TYPE timestamptz",
                "ALTER TABLE t ALTER amount TYPE numeric(12,4)", "ALTER TABLE t ALTER id TYPE text",
                "ALTER TABLE t ALTER name TYPE varchar(30)",
            ]),
        RuleCases(
            rule: "rewriting-new-column",
            against: [
                "ALTER TABLE t ADD x uuid DEFAULT gen_random_uuid()", "ALTER TABLE t ADD x bigserial",
                "ALTER TABLE t ADD x int GENERATED ALWAYS AS (id * 2) STORED",
                "ALTER TABLE t ADD x text DEFAULT 'a' || my.function()",
                "ALTER TABLE t ADD x timestamptz DEFAULT clock_timestamp()",
            ],
            content: [
                "ALTER TABLE t ADD x timestamptz DEFAULT now()", "ALTER TABLE t ADD x int DEFAULT 5",
                "ALTER TABLE t ADD x text DEFAULT current_user", "ALTER TABLE t ADD x date DEFAULT CURRENT_DATE",
            ]),
    ]

    static let constraints = [
        RuleCases(
            rule: "non-concurrent-index", against: ["CREATE INDEX i ON t (id)", "CREATE UNIQUE INDEX ON s.other (id)"],
            content: ["CREATE TABLE fresh (id int);\nCREATE INDEX i ON fresh (id)"]),
        RuleCases(
            rule: "non-concurrent-index", attributes: "runInTransaction:false", against: [],
            content: ["CREATE INDEX CONCURRENTLY i ON t (id)"]),
        RuleCases(
            rule: "non-concurrent-drop-index",
            against: ["DROP INDEX t_name", "DROP INDEX IF EXISTS s.other_id, unknown"],
            content: ["CREATE TABLE fresh (id int);\nCREATE INDEX i ON fresh (id);\nDROP INDEX i"]),
        RuleCases(
            rule: "non-concurrent-reindex", against: ["REINDEX INDEX t_name", "REINDEX TABLE t"],
            content: ["REINDEX INDEX CONCURRENTLY t_name", "REINDEX (CONCURRENTLY) TABLE t"]),
        RuleCases(
            rule: "concurrent-index-if-not-exists", attributes: "runInTransaction:false",
            against: ["CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (id)"],
            content: ["CREATE INDEX CONCURRENTLY i ON t (id)", "CREATE INDEX IF NOT EXISTS i ON t (id)"]),
        RuleCases(
            rule: "foreign-key-without-not-valid",
            against: [
                "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES s.other (id)",
                "ALTER TABLE t ADD x int DEFAULT 1 REFERENCES s.other",
            ],
            content: [
                "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES s.other (id) NOT VALID",
                "ALTER TABLE t ADD x int REFERENCES s.other", "CREATE TABLE x (id int REFERENCES t)",
            ]),
        RuleCases(
            rule: "check-without-not-valid",
            against: ["ALTER TABLE t ADD CHECK (id > 0)", "ALTER TABLE t ADD x int CHECK (x > 0)"],
            content: ["ALTER TABLE t ADD CHECK (id > 0) NOT VALID", "CREATE TABLE x (id int CHECK (id > 0))"]),
        RuleCases(
            rule: "key-without-index",
            against: [
                "ALTER TABLE t ADD PRIMARY KEY (id)", "ALTER TABLE t ADD UNIQUE (name)",
                "ALTER TABLE t ADD x int UNIQUE",
            ],
            content: [
                "ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX t_name",
                "CREATE TABLE fresh (id int);\nALTER TABLE fresh ADD PRIMARY KEY (id)",
            ]),
        RuleCases(
            rule: "exclusion-constraint", against: ["ALTER TABLE t ADD EXCLUDE USING btree (made WITH =)"],
            content: ["CREATE TABLE x (made date, EXCLUDE USING gist (made WITH =))"]),
        RuleCases(
            rule: "validate-in-same-transaction",
            against: ["ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT c"],
            content: [
                "ALTER TABLE t VALIDATE CONSTRAINT c", "ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0) NOT VALID",
            ]),
    ]

    static let locks = [
        RuleCases(
            rule: "explicit-lock", against: ["LOCK TABLE t", "LOCK t IN SHARE MODE"],
            content: ["CREATE TABLE fresh (id int);\nLOCK TABLE fresh", "LOCK t IN ROW EXCLUSIVE MODE"]),
        RuleCases(
            rule: "table-rewrite",
            against: [
                "VACUUM FULL t", "VACUUM (FULL, ANALYZE)", "CLUSTER t USING t_name", "ALTER TABLE t SET TABLESPACE x",
                "ALTER TABLE t SET UNLOGGED",
            ], content: ["VACUUM t", "VACUUM (FULL false) t", "ALTER TABLE t SET (fillfactor = 70)"]),
        RuleCases(
            rule: "non-concurrent-refresh", against: ["REFRESH MATERIALIZED VIEW m"],
            content: [
                "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
                "CREATE MATERIALIZED VIEW x AS SELECT 1 WITH NO DATA;\nREFRESH MATERIALIZED VIEW x",
            ]),
        RuleCases(
            rule: "non-concurrent-detach", against: ["ALTER TABLE t DETACH PARTITION p"],
            content: ["ALTER TABLE t DETACH PARTITION p CONCURRENTLY", "ALTER TABLE t ATTACH PARTITION p DEFAULT"]),
    ]

    static let others = [
        RuleCases(
            rule: "rename-table", against: ["ALTER TABLE t RENAME TO u", "ALTER VIEW v RENAME TO w"],
            content: ["CREATE TABLE fresh (id int);\nALTER TABLE fresh RENAME TO u", "ALTER INDEX t_name RENAME TO x"]),
        RuleCases(
            rule: "rename-column",
            against: ["ALTER TABLE t RENAME name TO title", "ALTER VIEW v RENAME COLUMN a TO b"],
            content: [
                "CREATE TABLE fresh (id int);\nALTER TABLE fresh RENAME id TO x",
                "ALTER TABLE t RENAME CONSTRAINT a TO b",
            ]),
        RuleCases(
            rule: "change-schema", against: ["ALTER TABLE t SET SCHEMA s", "ALTER SCHEMA s RENAME TO x"],
            content: ["CREATE TABLE fresh (id int);\nALTER TABLE fresh SET SCHEMA s"]),
        RuleCases(
            rule: "cluster-wide-statement",
            against: [
                "CREATE ROLE r", "ALTER USER u PASSWORD 'x'", "DROP ROLE r", "GRANT r TO q", "CREATE DATABASE d",
                "ALTER DATABASE d SET x = 1", "ALTER SYSTEM SET x = 1", "DROP TABLESPACE x", "REASSIGN OWNED BY a TO b",
                "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
            ], content: ["GRANT SELECT ON t TO r", "ALTER TABLE t OWNER TO r", "CREATE EXTENSION x", "SELECT 1"]),
    ]
}
