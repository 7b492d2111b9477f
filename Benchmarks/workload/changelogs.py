"""Changelogs of any length, in Liquibase's formats and as a script for psql.

All are made from the same changesets, and the benchmarks compare the catalogs of the databases afterwards, so no side
can do less work than another without being noticed.
"""

from dataclasses import dataclass

BOOKS = "public.databasechangelog"
NAMESPACE = "http://www.liquibase.org/xml/ns/dbchangelog"


@dataclass(frozen=True)
class ChangeSet:
    """One changeset: what stands in the changelog, and what a database is sent for it."""

    id: str
    change: str
    xml: str
    yaml: str
    sql: str


def changesets(prefix: str, count: int, parent: str) -> list[ChangeSet]:
    """`count` changesets in a mix of six: a table, a column, an index, a foreign key, a row, plain SQL.

    `prefix` begins the names of all tables; `parent` is the table that the first foreign key refers to.
    """
    made = []
    for index in range(count):
        number, kind = divmod(index, 6)
        table = f"{prefix}_{number:04d}"
        target = f"{prefix}_{number - 1:04d}" if number else parent
        make = (_table, _column, _index, _foreign_key, _row, _plain)[kind]
        made.append(ChangeSet(f"{prefix}-{index:04d}", *make(table, target)))
    return made


def _table(table: str, _: str) -> tuple[str, str, str, str]:
    xml = f"""
    <createTable tableName="{table}" remarks="A table of the benchmark">
        <column name="id" type="bigint">
            <constraints nullable="false" primaryKey="true" primaryKeyName="pk_{table}"/>
        </column>
        <column name="parent_id" type="bigint"/>
        <column name="name" type="varchar(100)"><constraints nullable="false"/></column>
        <column name="amount" type="numeric(14, 2)" defaultValueNumeric="0"/>
        <column name="created_at" type="timestamp with time zone" defaultValueComputed="now()"/>
    </createTable>"""
    sql = (
        f"CREATE TABLE public.{table} (id BIGINT NOT NULL, parent_id BIGINT, name VARCHAR(100) NOT NULL, "
        f"amount numeric(14, 2) DEFAULT 0, created_at TIMESTAMP WITH TIME ZONE DEFAULT now(), "
        f"CONSTRAINT pk_{table} PRIMARY KEY (id));\n"
        f"COMMENT ON TABLE public.{table} IS 'A table of the benchmark';"
    )
    yaml = f"""
        - createTable:
            tableName: {table}
            remarks: A table of the benchmark
            columns:
              - column:
                  name: id
                  type: bigint
                  constraints: {{nullable: false, primaryKey: true, primaryKeyName: pk_{table}}}
              - column: {{name: parent_id, type: bigint}}
              - column:
                  name: name
                  type: varchar(100)
                  constraints:
                    nullable: false
              - column: {{name: amount, type: "numeric(14, 2)", defaultValueNumeric: 0}}
              - column: {{name: created_at, type: timestamp with time zone, defaultValueComputed: now()}}"""
    return f"createTable tableName={table}", xml, yaml, sql


def _column(table: str, _: str) -> tuple[str, str, str, str]:
    xml = f"""
    <addColumn tableName="{table}">
        <column name="code" type="varchar(20)"/>
    </addColumn>"""
    yaml = f"""
        - addColumn:
            tableName: {table}
            columns:
              - column: {{name: code, type: varchar(20)}}"""
    return f"addColumn tableName={table}", xml, yaml, f"ALTER TABLE public.{table} ADD code VARCHAR(20);"


def _index(table: str, _: str) -> tuple[str, str, str, str]:
    xml = f"""
    <createIndex indexName="ix_{table}" tableName="{table}">
        <column name="code"/>
        <column name="created_at" descending="true"/>
    </createIndex>"""
    sql = f"CREATE INDEX ix_{table} ON public.{table}(code, created_at DESC);"
    yaml = f"""
        - createIndex:
            indexName: ix_{table}
            tableName: {table}
            columns:
              - column: {{name: code}}
              - column: {{name: created_at, descending: true}}"""
    return f"createIndex indexName=ix_{table}, tableName={table}", xml, yaml, sql


def _foreign_key(table: str, target: str) -> tuple[str, str, str, str]:
    xml = f"""
    <addForeignKeyConstraint constraintName="fk_{table}" baseTableName="{table}" baseColumnNames="parent_id"
        referencedTableName="{target}" referencedColumnNames="id"/>"""
    sql = (
        f"ALTER TABLE public.{table} ADD CONSTRAINT fk_{table} FOREIGN KEY (parent_id) "
        f"REFERENCES public.{target} (id);"
    )
    yaml = f"""
        - addForeignKeyConstraint:
            constraintName: fk_{table}
            baseTableName: {table}
            baseColumnNames: parent_id
            referencedTableName: {target}
            referencedColumnNames: id"""
    return f"addForeignKeyConstraint baseTableName={table}, constraintName=fk_{table}", xml, yaml, sql


def _row(table: str, _: str) -> tuple[str, str, str, str]:
    xml = f"""
    <insert tableName="{table}">
        <column name="id" valueNumeric="1"/>
        <column name="name" value="the first row"/>
        <column name="amount" valueNumeric="12.50"/>
    </insert>"""
    sql = f"INSERT INTO public.{table} (id, name, amount) VALUES (1, 'the first row', 12.50);"
    yaml = f"""
        - insert:
            tableName: {table}
            columns:
              - column: {{name: id, valueNumeric: 1}}
              - column: {{name: name, value: the first row}}
              - column: {{name: amount, valueNumeric: 12.50}}"""
    return f"insert tableName={table}", xml, yaml, sql


def _plain(table: str, _: str) -> tuple[str, str, str, str]:
    sql = f"ALTER TABLE {table} ADD CONSTRAINT ck_{table} CHECK (amount >= 0)"
    return "sql", f"\n    <sql>{sql.replace('>', '&gt;')}</sql>", f"\n        - sql: {{sql: '{sql}'}}", f"{sql};"


def xml(sets: list[ChangeSet], includes: tuple[str, ...] = ()) -> str:
    """A changelog file."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<databaseChangeLog xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
        f'    xsi:schemaLocation="{NAMESPACE} {NAMESPACE}/dbchangelog-4.6.xsd">',
    ]
    lines += [f'<include file="{path}"/>' for path in includes]
    lines += [f'<changeSet id="{one.id}" author="bench">{one.xml}\n</changeSet>' for one in sets]
    return "\n".join(lines + ["</databaseChangeLog>", ""])


def yaml(sets: list[ChangeSet]) -> str:
    """A changelog file."""
    entries = [f"  - changeSet:\n      id: {one.id}\n      author: bench\n      changes:{one.yaml}\n" for one in sets]
    return "databaseChangeLog:\n" + "".join(entries)


def formatted_sql(sets: list[ChangeSet]) -> str:
    """A changelog file."""
    return "--liquibase formatted sql\n" + "".join(f"\n--changeset bench:{one.id}\n{one.sql}\n" for one in sets)


def sql(sets: list[ChangeSet], path: str, order: int, makes_books: bool = False) -> str:
    """The script for psql: a transaction a changeset, each with its row in the books, as Liquibase writes it."""
    parts = [_MAKE_BOOKS] if makes_books else []
    for position, one in enumerate(sets):
        parts.append(
            f"BEGIN;\n{one.sql}\n"
            f"INSERT INTO {BOOKS} (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, MD5SUM, DESCRIPTION, COMMENTS, "
            f"EXECTYPE, CONTEXTS, LABELS, LIQUIBASE, DEPLOYMENT_ID) VALUES ('{one.id}', 'bench', '{path}', NOW(), "
            f"{order + position}, '9:0123456789abcdef0123456789abcdef', '{one.change}', '', 'EXECUTED', NULL, NULL, "
            f"'bench', '0123456789');\nCOMMIT;\n"
        )
    return "".join(parts)


_MAKE_BOOKS = f"""\
CREATE TABLE public.databasechangeloglock (ID INTEGER NOT NULL, LOCKED BOOLEAN NOT NULL, LOCKGRANTED TIMESTAMP WITHOUT \
TIME ZONE, LOCKEDBY VARCHAR(255), CONSTRAINT databasechangeloglock_pkey PRIMARY KEY (ID));
INSERT INTO public.databasechangeloglock (ID, LOCKED) VALUES (1, FALSE);
CREATE TABLE {BOOKS} (ID VARCHAR(255) NOT NULL, AUTHOR VARCHAR(255) NOT NULL, FILENAME VARCHAR(255) NOT NULL, \
DATEEXECUTED TIMESTAMP WITHOUT TIME ZONE NOT NULL, ORDEREXECUTED INTEGER NOT NULL, EXECTYPE VARCHAR(10) NOT NULL, \
MD5SUM VARCHAR(35), DESCRIPTION VARCHAR(255), COMMENTS VARCHAR(255), TAG VARCHAR(255), LIQUIBASE VARCHAR(20), \
CONTEXTS VARCHAR(255), LABELS VARCHAR(255), DEPLOYMENT_ID VARCHAR(10));
"""
