/// What a match is replaced by: text with `$1` for the first group, `$0` for the whole match, `\` before a character that
/// means itself.
///
/// Foundation's own reads the template, and copies the text around the match, anew for each match.
struct ReplacementTemplate {
    private enum Part {
        case text(String)
        case group(Int)
    }

    private var parts: [Part] = []

    init(_ template: String, groups: Int) {
        // A number has as many digits as the highest group's.
        let width = String(groups).count
        var text = ""
        var rest = template[...]
        while let character = rest.popFirst() {
            let digits = character == "$" ? rest.prefix(width).prefix { $0.isASCII && $0.isNumber } : ""
            if character == "\\" {
                if let next = rest.popFirst() { text.append(next) }
            } else if let group = Int(digits) {
                parts += [.text(text), .group(group)]
                text = ""
                rest = rest.dropFirst(digits.count)
            } else {
                text.append(character)
            }
        }
        parts.append(.text(text))
    }

    /// Appends what stands for one match.
    ///
    /// - Parameter group: The text of a group; empty for one that took no part or does not exist.
    func append(to result: inout String, group: (Int) -> String) {
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .group(let number): result += group(number)
            }
        }
    }
}
