import ChildProcess

@testable import MigrationCommand

/// How a program ended, as it was recorded from a real one.
struct Recording: Sendable, CustomStringConvertible {
    let description: String
    var status = ChildStatus.exited(1)
    var output = ""
    var error = ""

    /// As seen by a program in the folder `db` of the content.
    var seen: MigrationOutput {
        MigrationOutput(
            result: ChildResult(
                status: status, standardOutput: Array(output.utf8), standardError: Array(error.utf8)),
            contentRoot: "/work/", folder: "db")
    }

    /// What SQLAlchemy's frames look like before an error of the database in `0002_visit.py`.
    static func sqlalchemy(_ description: String, _ exception: String) -> Recording {
        Recording(
            description: description,
            error: """
                INFO  [alembic.runtime.migration] Running upgrade r1 -> r2, 0002_visit
                Traceback (most recent call last):
                  File "/usr/lib/python3/dist-packages/sqlalchemy/engine/base.py", line 1900, in _execute_context
                    self.dialect.do_execute(
                psycopg2.errors.SomethingFirst: \(description)

                The above exception was the direct cause of the following exception:

                Traceback (most recent call last):
                  File "/usr/bin/alembic", line 33, in <module>
                    sys.exit(load_entry_point('alembic==1.8.1', 'console_scripts', 'alembic')())
                  File "/work/db/migrations/env.py", line 10, in <module>
                    context.run_migrations()
                  File "<string>", line 8, in run_migrations
                  File "/work/db/migrations/versions/0002_visit.py", line 12, in upgrade
                    op.create_table("visit")
                  File "/usr/lib/python3/dist-packages/sqlalchemy/engine/default.py", line 736, in do_execute
                    cursor.execute(statement, parameters)
                \(exception)

                """)
    }
}
