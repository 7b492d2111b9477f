/// The text form of one-dimensional arrays: `{a,"b c",NULL}`.
enum ArrayText {
    /// Every element quoted: then nothing in it means anything.
    static func format(_ elements: [String]) -> String {
        var result = String.UnicodeScalarView("{".unicodeScalars)
        for (index, element) in elements.enumerated() {
            if index > 0 { result.append(",") }
            result.append("\"")
            for scalar in element.unicodeScalars {
                if scalar == "\"" || scalar == "\\" { result.append("\\") }
                result.append(scalar)
            }
            result.append("\"")
        }
        result.append("}")
        return String(result)
    }

    /// The elements, nil for NULL; nil when the text is not a one-dimensional array.
    static func parse(_ text: String) -> [String?]? {
        var rest = text.unicodeScalars[...]
        guard rest.popFirst() == "{" else { return nil }
        if rest.elementsEqual("}".unicodeScalars) { return [] }
        var elements: [String?] = []
        while true {
            guard let (element, end) = parseElement(&rest) else { return nil }
            elements.append(element)
            if end == "}" { return rest.isEmpty ? elements : nil }
        }
    }

    /// One element and the separator or brace behind it.
    private static func parseElement(
        _ rest: inout Substring.UnicodeScalarView
    ) -> (element: String?, end: Unicode.Scalar)? {
        var value = String.UnicodeScalarView()
        let isQuoted = rest.first == "\""
        if isQuoted { rest.removeFirst() }
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped)
            case "\"" where isQuoted:
                guard let end = rest.popFirst(), end == "," || end == "}" else { return nil }
                return (String(value), end)
            case "\"", "{":
                guard isQuoted else { return nil }
                value.append(scalar)
            case "," where !isQuoted, "}" where !isQuoted:
                guard !value.isEmpty else { return nil }
                let text = String(value)
                return (text == "NULL" ? nil : text, scalar)
            default: value.append(scalar)
            }
        }
        return nil
    }
}
