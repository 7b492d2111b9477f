/// Names and texts as they stand in a statement that people copy: whoever chose the name does not choose the statement.
enum SQLText {
    static func name(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

    static func text(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}
