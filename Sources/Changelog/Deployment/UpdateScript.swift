import Foundation
public import PostgresClient

/// The text of `update-sql`: everything that an update would send, for people to read and for `psql` to run.
public struct UpdateScript: Sendable {
    /// The text.
    public let text: String

    /// Writes the text.
    ///
    /// - Parameters:
    ///   - changelog: The changelog.
    ///   - books: The books; nil when there are none yet.
    ///   - options: How the update would work.
    ///   - connection: Where the catalogs are asked, when that decides the text; nil for what can be known without.
    /// - Throws: what ``DeploymentPlan/requireAccepted()`` and the changes throw.
    public init(
        _ changelog: PreparedChangelog, books: Books?, options: DeployerOptions,
        connection: PostgresConnection? = nil
    ) async throws {
        let plan = DeploymentPlan(changelog, books: books ?? Books())
        try plan.requireAccepted()
        let layout = options.books
        var writer = Writer()
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
        writer.heading(["Update Database Script"], ["Change Log: \(changelog.path)"])
        var order = books?.nextOrder ?? 1
        let deploymentID = options.deploymentID()
        for step in plan.pending {
            let prepared = step.prepared
            writer.comment("Changeset \(prepared.identity)")
            if step.action != .markRan {
                if prepared.isForOtherDatabases { continue }
                for statement in try prepared.statements() {
                    for text in try await Self.texts(of: statement, connection, options) { writer.statement(text) }
                }
            }
            let execType: BookEntry.ExecType =
                switch step.action {
                case .rerun: .reran
                case .markRan: .markRan
                default: .executed
                }
            writer.statement(
                layout.record(
                    prepared,
                    BooksLayout.RowContext(
                        order: order, execType: execType, deploymentID: deploymentID, engine: options.engine)))
            order += 1
        }
        writer.comment("Release Database Lock")
        writer.statement(
            "UPDATE \(layout.lockTableName) SET LOCKED = FALSE, LOCKEDBY = NULL, LOCKGRANTED = NULL WHERE ID = 1")
        text = writer.text
    }

    private static func texts(
        of statement: SQLStatement, _ connection: PostgresConnection?, _ options: DeployerOptions
    ) async throws -> [String] {
        if let connection { return try await statement.texts(on: connection, deadline: options.changeSetDeadline) }
        return switch statement.role {
        case .statement, .typed: [statement.text]
        case .generator, .message: []
        }
    }

    private struct Writer {
        var text = ""

        mutating func comment(_ comment: String) { text += "-- \(comment)\n" }

        mutating func statement(_ statement: String) {
            text += statement.hasSuffix(";") ? statement : statement + ";"
            text += "\n\n"
        }

        mutating func heading(_ titles: [String], _ lines: [String]) {
            let rule = "-- *********************************************************************\n"
            text += rule + titles.map { "-- \($0)\n" }.joined() + rule
            text += lines.map { "-- \($0)\n" }.joined() + rule + "\n"
        }
    }
}
