import ChildProcess
import Testing

@testable import MigrationCommand

@Suite("Reading Alembic's failures")
struct AlembicReaderTests {
    private static let versions = "db/migrations/versions/0002_visit.py"

    @Test("a program that ended well has not failed")
    func success() {
        #expect(
            AlembicReader.failure(Recording(description: "well", status: .exited(0), output: "FAILED: x").seen) == nil)
    }

    /// Alembic 1.8.1 and 1.20.1, exit code 255, standard output.
    @Test(
        "what Alembic refuses is told in its own words",
        arguments: [
            (
                "FAILED: Multiple head revisions are present for given argument 'head'; please specify a specific target "
                    + "revision, '<branchname>@head' to narrow to a specific head, or 'heads' for all heads",
                MigrationFailure.Kind.heads, "Multiple head revisions are present"
            ),
            (
                "FAILED: Can't locate revision identified by 'zz9'", .content,
                "Can't locate revision identified by 'zz9'"
            ),
            ("FAILED: Cycle is detected in revisions (r1, r2)", .content, "Cycle is detected in revisions (r1, r2)"),
            ("FAILED: Ambiguous walk", .content, "Ambiguous walk"),
            ("FAILED: No 'script_location' key found in configuration.", .content, "No 'script_location' key"),
            (
                "FAILED: Path doesn't exist: '/work/db/nowhere'.  Please use the 'init' command to create a new scripts "
                    + "folder.", .content, "Path doesn't exist: 'db/nowhere'."
            ),
        ])
    func refused(line: String, kind: MigrationFailure.Kind, message: String) throws {
        let recording = Recording(description: line, status: .exited(255), output: "  noise\n\(line)\n")
        let failure = try #require(AlembicReader.failure(recording.seen))
        #expect(failure.kind == kind)
        #expect(failure.message.hasPrefix(message))
        #expect(failure.hint != nil)
    }

    /// Alembic 1.8.1 with psycopg2 and 1.20.1 with psycopg 3, exit code 1, standard error.
    @Test(
        "an error of the database has the server's words, SQLSTATE, statement, file and line",
        arguments: [
            (
                """
                sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedTable) relation "staff" does not exist

                [SQL: 
                CREATE TABLE visit (
                \tid SERIAL NOT NULL, 
                \tFOREIGN KEY(p) REFERENCES staff (id)
                )

                ]
                (Background on this error at: https://sqlalche.me/e/14/f405)
                """,
                "relation \"staff\" does not exist (SQLSTATE 42P01)\nin: CREATE TABLE visit (\n\tid SERIAL NOT NULL,\n"
                    + "\tFOREIGN KEY(p) REFERENCES staff (id)\n)"
            ),
            (
                """
                sqlalchemy.exc.ProgrammingError: (psycopg.errors.SyntaxError) syntax error at or near "tabel"
                LINE 1: create tabel x (id int)
                               ^
                [SQL: create tabel x (id int)]
                (Background on this error at: https://sqlalche.me/e/21/f405)
                """,
                "syntax error at or near \"tabel\"\nLINE 1: create tabel x (id int)\n               ^ (SQLSTATE 42601)\n"
                    + "in: create tabel x (id int)"
            ),
            (
                """
                sqlalchemy.exc.IntegrityError: (psycopg2.errors.UniqueViolation) duplicate key value
                DETAIL:  Key (id)=(1) already exists.

                [SQL: INSERT INTO parcel (id) VALUES (%(id)s)]
                [parameters: ({'id': 1}, {'id': 1})]
                (Background on this error at: https://sqlalche.me/e/14/gkpj)
                """,
                "duplicate key value\nDETAIL:  Key (id)=(1) already exists. (SQLSTATE 23505)\n"
                    + "in: INSERT INTO parcel (id) VALUES (%(id)s)"
            ),
            (
                """
                sqlalchemy.exc.InternalError: (psycopg2.errors.ActiveSqlTransaction) CREATE INDEX CONCURRENTLY cannot run \
                inside a transaction block

                [SQL: create index concurrently i on parcel(id)]
                """,
                "CREATE INDEX CONCURRENTLY cannot run inside a transaction block (SQLSTATE 25001)\n"
                    + "in: create index concurrently i on parcel(id)"
            ),
            (
                "psycopg2.errors.UndefinedColumn: column \"x\" does not exist",
                "column \"x\" does not exist (SQLSTATE 42703)"
            ),
        ])
    func database(exception: String, message: String) throws {
        let failure = try #require(AlembicReader.failure(Recording.sqlalchemy("database", exception).seen))
        #expect(failure.kind == .content)
        #expect(failure.message == message)
        #expect(failure.file == Self.versions)
        #expect(failure.line == 12)
    }

    @Test(
        "an exception of Python has its words, file and line",
        arguments: [
            "RuntimeError: thought better of it", "AssertionError: no", "NameError: name 'this' is not defined",
            "AssertionError", "KeyError: 'NO_SUCH'", "ModuleNotFoundError: No module named 'psycopg'",
        ])
    func python(exception: String) throws {
        let failure = try #require(AlembicReader.failure(Recording.sqlalchemy("python", exception).seen))
        #expect(failure == MigrationFailure(.content, exception, hint: failure.hint, file: Self.versions, line: 12))
    }

    @Test("a mistake in Python's grammar is found in its file")
    func grammar() throws {
        let recording = Recording(
            description: "grammar",
            error: """
                Traceback (most recent call last):
                  File "/usr/lib/python3/dist-packages/alembic/util/pyfiles.py", line 110, in load_module_py
                    spec.loader.exec_module(module)  # type: ignore
                  File "<frozen importlib._bootstrap_external>", line 940, in exec_module
                  File "/work/db/migrations/versions/0002_visit.py", line 7
                    def upgrade(:
                                ^
                SyntaxError: invalid syntax

                """)
        #expect(
            AlembicReader.failure(recording.seen)
                == MigrationFailure(.content, "SyntaxError: invalid syntax", file: Self.versions, line: 7))
    }

    @Test("a missing parent is told as one, and not as Python's KeyError")
    func parent() throws {
        let recording = Recording(
            description: "parent",
            error: """
                Traceback (most recent call last):
                  File "/usr/lib/python3/dist-packages/alembic/script/revision.py", line 227, in _revision_map
                    down_revision = map_[downrev]
                                    ~~~~^^^^^^^^^
                KeyError: 'nope'
                """)
        let failure = try #require(AlembicReader.failure(recording.seen))
        #expect(failure.message == "a down_revision names 'nope', and there is no such revision")
    }

    @Test("a circle is told by its revisions also where Alembic does not catch it")
    func circle() throws {
        let recording = Recording.sqlalchemy(
            "circle", "alembic.script.revision.CycleDetected: Cycle is detected in revisions (r1, r2)")
        #expect(AlembicReader.failure(recording.seen)?.message == "Cycle is detected in revisions (r1, r2)")
    }

    @Test(
        "trouble with the connection is told apart from the content's fault",
        arguments: [
            (
                "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server at \"127.0.0.1\", port 1 "
                    + "failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?",
                MigrationFailure.Kind.unreachable
            ),
            (
                "sqlalchemy.exc.OperationalError: (psycopg.OperationalError) connection failed: connection to server on "
                    + "socket \"/run/postgresql/.s.PGSQL.5432\" failed: FATAL:  role \"x\" does not exist", .unreachable
            ),
            (
                "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) server closed the connection unexpectedly\n"
                    + "\tThis probably means the server terminated abnormally\n\n[SQL: select 1]", .interrupted
            ),
            (
                "sqlalchemy.exc.OperationalError: (psycopg.errors.AdminShutdown) terminating connection due to "
                    + "administrator command\n[SQL: select 1]", .interrupted
            ),
            ("sqlalchemy.exc.OperationalError: (psycopg2.errors.DeadlockDetected) deadlock detected", .interrupted),
            ("sqlalchemy.exc.OperationalError: (psycopg2.errors.LockNotAvailable) lock timeout", .interrupted),
            ("sqlalchemy.exc.OperationalError: (psycopg2.errors.DiskFull) no space left on device", .content),
            ("sqlalchemy.exc.DataError: (psycopg2.errors.RaiseException) Connection refused", .content),
        ])
    func connection(exception: String, kind: MigrationFailure.Kind) throws {
        #expect(AlembicReader.failure(Recording.sqlalchemy("connection", exception).seen)?.kind == kind)
    }

    @Test("what cannot be understood is shown as it is")
    func unknown() {
        let killed = Recording(description: "killed", status: .signalled(9))
        #expect(AlembicReader.failure(killed.seen)?.message == "ended with signal 9 and said nothing")
        let odd = Recording(
            description: "odd", status: .exited(2), output: "out\n", error: "usage: alembic\n\nwhat?  \n")
        #expect(AlembicReader.failure(odd.seen)?.message == "ended with exit code 2\nusage: alembic\nwhat?")
    }
}
