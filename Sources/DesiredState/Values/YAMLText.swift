import Diagnostics

/// A JSON document as YAML that every reader of YAML reads back as the same document.
package enum YAMLText {
    /// The document, its last line ended.
    package static func of(_ value: JSONValue) -> String {
        var text = ""
        write(value, indentation: 0, to: &text)
        return text.begins(with: "\n") ? String(text.dropFirst()) : text.trimmingPrefix(" ") + ""
    }

    /// Writes what comes after a colon or a dash: the scalar on the same line, or everything below on lines of its own.
    private static func write(_ value: JSONValue, indentation: Int, to text: inout String) {
        let margin = String(repeating: " ", count: indentation)
        switch value {
        case .object(let members) where !members.isEmpty:
            for (key, member) in members.sorted(by: { $0.key < $1.key }) {
                text += "\n\(margin)\(scalar(key)):"
                write(member, indentation: indentation + 2, to: &text)
            }
        case .array(let elements) where !elements.isEmpty:
            for element in elements {
                text += "\n\(margin)-"
                writeElement(element, indentation: indentation + 2, to: &text)
            }
        default: text += " " + flow(value)
        }
        if indentation == 0 { text += "\n" }
    }

    /// The first member of an object in a list stands on the line of its dash.
    private static func writeElement(_ element: JSONValue, indentation: Int, to text: inout String) {
        guard case .object(let members) = element, !members.isEmpty else {
            return write(element, indentation: indentation, to: &text)
        }
        var inner = ""
        write(element, indentation: indentation, to: &inner)
        text += " " + inner.drop { $0 == "\n" || $0 == " " }
    }

    private static func flow(_ value: JSONValue) -> String {
        if case .string(let string) = value { return scalar(string) }
        return value.canonicalText
    }

    /// Plain where nothing else could be read into it, otherwise in quotes as in JSON, which YAML reads as it is.
    private static func scalar(_ text: String) -> String {
        let isPlain = text.wholeMatch(of: /[A-Za-z_\/][A-Za-z0-9_.\/ -]*[A-Za-z0-9_.\/-]|[A-Za-z_]/) != nil
        let words: Set = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        return isPlain && !words.contains(text.lowercased()) ? text : JSONValue.string(text).canonicalText
    }
}
