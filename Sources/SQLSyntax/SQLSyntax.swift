import CLibPgQuery
import Glibc

/// SQL text as PostgreSQL itself reads it.
///
/// The grammar is PostgreSQL 15's own, from libpg_query: what it cannot read may still be right on a newer server, so an
/// error here means "cannot be judged" and nothing else. Pure and synchronous: no connection, no catalogs, no I/O. The
/// tree holds what a judge of schema changes asks for; the rest is known by its verb only.
///
/// It must not know of changelogs or rules.
public enum SQLSyntax {
    /// The statements of a text, in order. A text of comments alone has none.
    ///
    /// - Throws: ``SQLSyntaxError`` for a text that the grammar does not accept or that is over a limit. The limits are
    ///   checked before the parser runs: it recurses over what it read, and its stack is the caller's.
    public static func parse(
        _ text: String, limits: SQLSyntaxLimits = SQLSyntaxLimits()
    ) throws(SQLSyntaxError) -> [Statement] {
        let size = text.utf8.count
        guard size <= limits.length else {
            throw SQLSyntaxError("the statement is longer than \(limits.length) bytes", isLimit: true)
        }
        guard !text.utf8.contains(0) else { throw SQLSyntaxError("the statement holds a NUL byte") }
        // A text of fewer bytes cannot nest deeper, as each level takes at least one.
        if size > limits.nesting {
            let bound = NestingBound.of(try ScanToken.tokens(of: text), in: text)
            guard bound <= limits.nesting else {
                throw SQLSyntaxError("the statement may nest deeper than \(limits.nesting) levels", isLimit: true)
            }
        }
        let result = pg_query_parse(text)
        defer { pg_query_free_parse_result(result) }
        if let error = result.error { throw SQLSyntaxError(error.pointee) }
        guard let tree = result.parse_tree else { throw SQLSyntaxError("the parser gave no answer") }
        let json = UnsafeRawBufferPointer(start: UnsafeRawPointer(tree), count: strlen(tree))
        var reader = SyntaxNodeReader(json, room: limits.parts)
        guard let answer = reader.read() else {
            throw SQLSyntaxError("the statement has more than \(limits.parts) parts", isLimit: true)
        }
        return answer["stmts"].items.map { Statement($0, in: text) }
    }
}
