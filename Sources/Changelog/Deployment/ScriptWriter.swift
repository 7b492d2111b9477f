import Diagnostics
import PostgresClient

/// Writes SQL text that people read and `psql` runs.
struct ScriptWriter {
    private(set) var text = ""

    /// A comment line. What strangers named cannot leave it.
    mutating func comment(_ comment: String) {
        text += "-- " + String(comment.map { $0.isNewline ? " " : $0 }) + "\n"
    }

    /// A changeset's title, with what its author says of it.
    mutating func title(_ title: String, _ prepared: PreparedChangeSet) {
        comment(title)
        for line in prepared.changeSet.comment?.trimmedOrNil?.split(whereSeparator: \.isNewline) ?? [] {
            comment(String(line))
        }
    }

    /// A statement with its semicolon.
    mutating func statement(_ statement: String) {
        // A comment at the end would swallow a semicolon that stands behind it.
        let endsInComment = statement.split(whereSeparator: \.isNewline).last?.holds("--") ?? false
        text += statement + (endsInComment ? "\n;" : statement.ends(with: ";") ? "" : ";") + "\n\n"
    }

    /// What changes send. A query that gives statements becomes a block that runs them, because what it finds may come
    /// from the statements before it.
    ///
    /// - Parameter connection: Where the catalogs are asked for types that decide a text; nil for what can be known
    ///   without.
    mutating func statements(_ statements: [SQLStatement], _ connection: PostgresConnection?) async throws {
        for statement in statements {
            switch statement.role {
            case .message: break
            case .program: comment(statement.text)
            case .generator: self.statement(Self.block(statement.text))
            case .statement: self.statement(statement.text)
            case .typed:
                guard let connection else {
                    self.statement(statement.text)
                    continue
                }
                for text in try await statement.texts(on: connection, deadline: nil) { self.statement(text) }
            }
        }
    }

    private static func block(_ query: String) -> String {
        """
        DO $statements$
        DECLARE statement text;
        BEGIN
        FOR statement IN \(query) LOOP EXECUTE statement; END LOOP;
        END
        $statements$
        """
    }

    /// The script's title between two rules, and facts below it.
    mutating func heading(_ title: String, _ lines: [String]) {
        let rule = String(repeating: "*", count: 69)
        for line in [rule, title, rule] + lines + [rule] { comment(line) }
        text += "\n"
    }

    /// A whole script: the books are made when they are not there, and the lock is held around the body.
    static func script(
        _ title: String, _ changelog: PreparedChangelog, books: Books?, options: DeployerOptions,
        body: (inout ScriptWriter) async throws -> Void
    ) async rethrows -> String {
        let layout = options.books
        var writer = ScriptWriter()
        if let schema = options.defaultSchema {
            writer.statement("SET search_path TO \(SQLDialect.quoted(schema)), \"$user\", public")
        }
        if books == nil {
            writer.comment("Create Database Lock Table")
            for (index, statement) in layout.createLockTable.enumerated() {
                if index == 1 { writer.comment("Initialize Database Lock Table") }
                writer.statement(statement)
            }
        }
        writer.comment("Lock Database")
        writer.statement(
            """
            UPDATE \(layout.lockTableName) SET LOCKED = TRUE, LOCKEDBY = \(SQLValue.string(options.owner)), \
            LOCKGRANTED = NOW() WHERE ID = 1 AND LOCKED = FALSE
            """)
        if books == nil {
            writer.comment("Create Database Change Log Table")
            writer.statement(layout.createTable)
        }
        writer.heading(title, ["Change Log: \(changelog.path)"])
        try await body(&writer)
        writer.comment("Release Database Lock")
        writer.statement(
            "UPDATE \(layout.lockTableName) SET LOCKED = FALSE, LOCKEDBY = NULL, LOCKGRANTED = NULL WHERE ID = 1")
        // Whoever prints it ends the last line.
        return String(writer.text.dropLast())
    }
}
