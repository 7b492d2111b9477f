/// A place in the text; lines and columns count from 1.
struct Position: Hashable, Comparable {
    let line: Int
    let column: Int

    static func < (left: Position, right: Position) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A piece of the text that means something by itself.
struct Token: Hashable {
    enum Kind: Hashable {
        /// A bare word: `mod`, `true`.
        case word(String)
        /// A key with its colon behind it: `git:`.
        case label(String)
        /// A name with its colon before it: `:git`.
        case symbol(String)
        /// A text in quotes.
        case text(String)
        /// Digits.
        case number(String)
        case arrow, comma, leftParenthesis, rightParenthesis, leftBrace, rightBrace
        case semicolon
        /// The end of a line.
        case lineEnd
        /// The end of the file.
        case end
        /// A line of a conflict that was never resolved; its first one, or another.
        case conflictMarker(isFirst: Bool)
        /// A text that does not end on its line.
        case unclosedText
        /// Ruby that is no literal, in words for a message. The rest of its line was not read.
        case foreign(String)
    }

    let kind: Kind
    let position: Position
    /// Where it ends: the place behind its last character.
    let end: Position
    /// Whether it touches what stands before it.
    let isAdjacent: Bool
}
