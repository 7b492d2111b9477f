import Diagnostics
import PostgresClient

/// Finds statements that would end the transaction a changeset runs in.
enum TransactionControl {
    /// The first statement of a text that ends a transaction, such as `COMMIT`; nil when there is none.
    ///
    /// The text is cut by PostgreSQL's own rules, so that a word in a string or a function body is not mistaken.
    static func ending(in text: String) -> String? {
        guard mentionsAnEnd(text) else { return nil }
        for statement in SQLScript.statements(of: text) {
            let words = SQLScript.words(of: statement.text, limit: 3)
            let isEnd =
                switch words.first {
                case "commit", "end", "abort": true
                // `ROLLBACK [WORK | TRANSACTION] TO [SAVEPOINT] name` stays in the transaction.
                case "rollback":
                    words.dropFirst().first { $0 != "work" && $0 != "transaction" } != "to"
                case "prepare": words.dropFirst().first == "transaction"
                default: false
                }
            if isEnd { return String(statement.text.prefix(60)) }
        }
        return nil
    }

    /// The statements without a `COMMIT` behind all of them. There the transaction ends anyway, when its row is written.
    static func withoutLastCommit(_ statements: [SQLStatement]) -> [SQLStatement] {
        guard var last = statements.last, last.role == .statement, mentionsAnEnd(last.text) else { return statements }
        let parts = SQLScript.statements(of: last.text)
        guard let end = parts.last, isPlainCommit(end.text) else { return statements }
        last.text = String(last.text.unicodeScalars.prefix(end.position - 1))
        return statements.dropLast() + (parts.count > 1 ? [last] : [])
    }

    private static func isPlainCommit(_ text: Substring) -> Bool {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace)
        guard let first = words.first, first == "commit" || first == "end" else { return false }
        return words.count == 1 || words.count == 2 && (words[1] == "work" || words[1] == "transaction")
    }

    private static let wordsOfAnEnd = ["commit", "rollback", "abort", "end", "prepare"].map { Array($0.utf8) }

    /// Whether one of the words stands in the text at all, be it as a part of another one. Most texts have none.
    private static func mentionsAnEnd(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            bytes.indices.contains { index in
                // Letters differ from their capitals in one bit; other bytes match no word.
                wordsOfAnEnd.contains { word in
                    bytes[index] | 0x20 == word[0] && index + word.count <= bytes.count
                        && zip(bytes[index...], word).allSatisfy { $0 | 0x20 == $1 }
                }
            }
        }
    }

    /// Whether a text is whole by PostgreSQL's lexical rules: whatever is opened in it is closed in it.
    ///
    /// Liquibase cuts a function body at its semicolons. Pieces of one, joined into a script, would be a whole again
    /// and mean something else than they do one by one.
    static func isWhole(_ text: String) -> Bool {
        SQLScript.statements(of: text + "\n;\nCOMMIT").last?.text == "COMMIT"
    }

    /// Throws when a changeset would end its own transaction: then half of it could stay when the rest fails.
    ///
    /// What depends on the catalogs is judged here as far as it is known without them, and again when its turn comes
    /// (``require(_:_:_:)``).
    ///
    /// - Parameter statements: Those of the changeset, or those that take it back.
    /// - Throws: `SluiceError` `changelog.transaction-control`.
    static func require(_ prepared: PreparedChangeSet, _ statements: [SQLStatement]) throws(SluiceError) {
        guard prepared.changeSet.runInTransaction else { return }
        for statement in withoutLastCommit(statements) where statement.isSQL {
            // The server refuses it, and nothing behind it is reached.
            guard isWhole(statement.text) else { return }
            try require(prepared, statement, statement.text)
        }
    }

    /// Throws when one text that a statement sends would end the transaction of its changeset.
    ///
    /// - Throws: `SluiceError` `changelog.transaction-control`.
    static func require(
        _ prepared: PreparedChangeSet, _ statement: SQLStatement, _ text: String
    ) throws(SluiceError) {
        guard prepared.changeSet.runInTransaction, let found = ending(in: text) else { return }
        throw SluiceError(
            "changelog.transaction-control", .stalled,
            "changeset \(prepared.identity) ends its own transaction with \"\(found)\"",
            hint: "leave it out, or write runInTransaction=\"false\" on the changeset",
            at: statement.location ?? prepared.changeSet.location)
    }
}

extension SQLStatement {
    /// Whether its text is sent, as it stands or nearly so.
    fileprivate var isSQL: Bool {
        switch role {
        case .statement, .typed: true
        case .generator, .message, .program: false
        }
    }
}
