/// Finds the statements of a script as PostgreSQL's own lexer would: by semicolons that stand in no string, quoted
/// name, dollar quote, comment, pair of parentheses or `BEGIN ATOMIC` body.
///
/// One pass, without recursion; what is not closed lasts to the end.
public enum SQLScript {
    /// One statement of a script, with its place there.
    public struct Statement: Sendable, Hashable {
        /// The text without the semicolon, and without blanks and comments before it.
        public let text: Substring
        /// Where it starts: characters (Unicode scalars) from 1, as PostgreSQL counts positions.
        public let position: Int
    }

    /// The statements that are not empty.
    public static func statements(of script: String) -> [Statement] {
        var script = script
        // In contiguous UTF-8 an offset is found without walking there.
        script.makeContiguousUTF8()
        var scanner = SQLScanner(script)
        var statements: [Statement] = []
        var (offset, position) = (0, 1)
        while let range = scanner.nextStatement() {
            let start = script.utf8.index(script.startIndex, offsetBy: range.lowerBound)
            let end = script.utf8.index(script.startIndex, offsetBy: range.upperBound)
            let skipped = script.utf8[script.utf8.index(script.startIndex, offsetBy: offset)..<start]
            // Every byte but a continuation byte begins a character.
            position += skipped.count { $0 & 0xC0 != 0x80 }
            offset = range.lowerBound
            statements.append(Statement(text: script[start..<end], position: position))
        }
        return statements
    }

    /// The first words of a statement, lower case; comments between them do not count. Only words that stand before
    /// anything else, such as a name in quotes, are given.
    public static func words(of statement: some StringProtocol, limit: Int) -> [String] {
        var scanner = SQLScanner(String(statement))
        var words: [String] = []
        while words.count < limit, let word = scanner.nextWord() { words.append(word) }
        return words
    }

    /// Where in `script` an error stands that came after `succeeded` statements.
    static func position(
        of error: PostgresError, after succeeded: Int, in script: String
    ) -> PostgresError.ScriptPosition {
        let statements = statements(of: script)
        var number = succeeded + 1
        var character = statements.indices.contains(succeeded) ? statements[succeeded].position : 1
        if let position = error.position {
            // A syntax error is found before the first statement runs: only the position tells which one has it.
            character = position
            number = max(1, statements.count { $0.position <= position })
        }
        let (line, column) = lineAndColumn(of: character, in: script)
        return PostgresError.ScriptPosition(statement: number, character: character, line: line, column: column)
    }

    private static func lineAndColumn(of character: Int, in script: String) -> (line: Int, column: Int) {
        var (line, column) = (1, 1)
        for scalar in script.unicodeScalars.prefix(max(0, character - 1)) {
            (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
        }
        return (line, column)
    }
}
