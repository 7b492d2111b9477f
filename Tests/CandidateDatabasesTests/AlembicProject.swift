import Foundation
import TestSupport

/// A project of Alembic as a team would keep it.
enum AlembicProject {
    static let root = "db/alembic.ini"

    /// What master begins with, the example of the documentation: the revision `r1` makes the table `parcel`.
    static var master: [String: ScriptedFile] {
        get throws {
            let example = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent().appending(path: "examples/alembic")
            let paths = [root, environment, "db/migrations/versions/r1_parcel.py"]
            return Dictionary(
                uniqueKeysWithValues: try paths.map {
                    ($0, .text(try String(contentsOf: example.appending(path: $0), encoding: .utf8)))
                })
        }
    }

    static let environment = "db/migrations/env.py"

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
