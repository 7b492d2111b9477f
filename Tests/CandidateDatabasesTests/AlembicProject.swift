import TestSupport

/// A project of Alembic as a team would keep it.
enum AlembicProject {
    static let root = "db/alembic.ini"

    /// What master begins with: the revision `r1` makes the table `parcel`.
    static let master: [String: ScriptedFile] = [
        root: "[alembic]\nscript_location = %(here)s/migrations\n",
        "db/migrations/env.py": """
        import os

        from alembic import context
        from sqlalchemy import create_engine, pool

        engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)
        with engine.connect() as connection:
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()

        """,
        "db/migrations/versions/r1_parcel.py": revision("r1", after: nil, table("parcel")),
    ]

    /// A file that adds a revision.
    static func adding(_ id: String, after parent: String?, _ statement: String) -> [String: ScriptedFile] {
        ["db/migrations/versions/\(id).py": revision(id, after: parent, statement)]
    }

    static func table(_ name: String) -> String {
        "op.create_table(\"\(name)\", sa.Column(\"id\", sa.Integer, primary_key=True), schema=\"registry\")"
    }

    private static func revision(_ id: String, after parent: String?, _ statement: String) -> ScriptedFile {
        .text(
            """
            from alembic import op
            import sqlalchemy as sa

            revision = "\(id)"
            down_revision = \(parent.map { "\"\($0)\"" } ?? "None")


            def upgrade():
                \(statement)

            """)
    }
}
