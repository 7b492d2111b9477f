import Diagnostics

/// Names and texts as they stand in a statement that people copy: whoever chose the name does not choose the statement.
enum SQLText {
    static func name(_ name: String) -> String { name.quoted(by: "\"") }

    static func text(_ text: String) -> String { text.quoted(by: "'") }
}
