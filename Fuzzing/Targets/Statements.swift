import PostgresClient
import SQLSyntax

@testable import Changelog

/// SQL text cut into tokens and statements.
enum Statements {
    /// The first line gives the options: `s` splits, `c` strips comments, and behind a blank the delimiter.
    static func split(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        let words = (parts.first ?? "").split(separator: " ", maxSplits: 1)
        let sql = String(parts.count > 1 ? parts[1] : "")
        let splitter = StatementSplitter(
            splits: words.first?.contains("s") ?? true, stripsComments: words.first?.contains("c") ?? false,
            delimiter: words.count > 1 ? String(words[1]) : nil)
        guard let pieces = try? splitter.split(sql) else { return }
        var line = 0
        for piece in pieces {
            promise(!piece.text.isEmpty, "no statement is empty")
            promise(piece.lineOffset >= line, "statements stand in the order of their lines")
            line = piece.lineOffset
        }
        promise(pieces.map(\.text.utf8.count).reduce(0, +) <= sql.utf8.count, "nothing is added")
        for piece in pieces {
            _ = TransactionControl.isWhole(piece.text)
            _ = TransactionControl.ending(in: piece.text)
            _ = JDBCEscapes.native(piece.text)
        }
        for version in [Checksum.Version.v8, .v9] { _ = Checksum.of(sql: sql, splitter, version: version) }
    }

    /// PostgreSQL's own parser, which is C, with our limits before it and our reading of what it gives behind it.
    static func syntax(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let statements = try? SQLSyntax.parse(text) else { return }
        promise(statements.count <= text.utf8.count, "no statement comes from nothing")
    }

    static func tokens(_ bytes: [UInt8]) {
        var end = 0
        for token in SQLTokenizer(bytes) {
            promise(token.range.lowerBound == end && !token.range.isEmpty, "tokens stand side by side")
            end = token.range.upperBound
        }
        promise(end == bytes.count, "tokens cover the text")
        let text = String(decoding: bytes, as: UTF8.self)
        var position = 1
        for statement in SQLScript.statements(of: text) {
            promise(statement.position >= position, "statements of a script stand in order")
            position = statement.position + statement.text.unicodeScalars.count
        }
        promise(position <= text.unicodeScalars.count + 1, "statements of a script stand in it")
        _ = JDBCEscapes.native(text)
    }
}
