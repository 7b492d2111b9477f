import Diagnostics
import Yams

/// The YAML parser's errors in our words and with our places.
enum YAMLProblem {
    /// What the error means for the author of the file.
    static func refusal(for error: YamlError, in text: String, file: String) -> Refusal {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            return refusal(problem, context, mark, in: text, file: file)
        case .duplicatedKeysInMapping(let names, let context):
            return duplicate(of: names.first ?? "", first: context.mark, in: text, file: file)
        default:
            return Refusal(.syntax, SourceLocation(file: file), "the file cannot be read as YAML")
        }
    }

    private static func refusal(
        _ problem: String, _ context: YamlError.Context?, _ mark: Mark, in text: String, file: String
    ) -> Refusal {
        let location = SourceLocation(file: file, line: mark.line, column: mark.column)
        if problem.begins(with: "Maximum nesting level") {
            return Refusal(.limit, location, "lists and mappings are nested too deep")
        }
        let during = context.map { " (\($0.text) at \($0.mark.line):\($0.mark.column))" } ?? ""
        let line = lines(of: text).dropFirst(mark.line - 1).first ?? ""
        let hint: String? =
            if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
                "YAML is indented by spaces, not tabs"
            } else if problem == "mapping values are not allowed in this context" {
                "a text with \": \" in it needs quotes; otherwise check the indentation"
            } else { nil }
        return Refusal(.syntax, location, "\(problem)\(during)", hint: hint)
    }

    /// The parser tells the name of a key that stands twice and where it stands first; the second place is found in
    /// the text: the next line with that key at the same column that is not cut off by a line further left.
    private static func duplicate(of name: String, first: Mark, in text: String, file: String) -> Refusal {
        let indentation = first.column - 1
        var second: Int?
        for (index, line) in lines(of: text).enumerated().dropFirst(first.line) {
            let content = line.drop { $0 == " " || $0 == "-" }
            if content.isEmpty || content.begins(with: "#") { continue }
            let column = line.count - content.count
            if column < indentation { break }
            if column == indentation, isKey(name, at: content) {
                second = index + 1
                break
            }
        }
        let place = SourceLocation(file: file, line: second ?? first.line, column: first.column)
        let elsewhere = second == nil ? "" : ", first on line \(first.line)"
        return Refusal(
            .duplicateKey, place, "the key \(name.quotedForMessage) stands twice\(elsewhere)",
            hint: "keep one of them")
    }

    private static func isKey(_ name: String, at text: Substring) -> Bool {
        ["\(name):", "\"\(name)\":", "'\(name)':", "\(name) :"].contains { text.begins(with: $0) }
    }

    private static func lines(of text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0.isNewline }
    }
}
