import Diagnostics

/// What the text of an open merge request says, above all else, of why nothing goes on.
enum StuckNotice {
    private static let beginning = "> **Sluice does not go on here:** "

    /// A sentence as it may stand in the text. It may hold strangers' words.
    static func line(_ sentence: String) -> String { InertText(sentence, limit: 1000).markdown }

    /// A text with the line in the place of the one that it has; nil for none.
    static func text(_ text: String, saying line: String?) -> String {
        let rest: Substring
        if text.begins(with: beginning) {
            rest = text.drop { !$0.isNewline }.drop(while: \.isNewline)
        } else {
            rest = text[...]
        }
        return line.map { "\(beginning)\($0)\n\n\(rest)" } ?? String(rest)
    }
}
