import Diagnostics

/// Names and values of a schema as one line of text for people.
///
/// The texts come from a database that a stranger may have filled: what would break the line, move the cursor or reorder
/// the letters around it is written out.
enum SchemaText {
    /// `public.land`, `public.land.area`, `public.f(integer, text)`.
    static func name(_ identity: SchemaObject.Identity) -> String {
        let texts = identity.name.parts.map(\.text)
        switch identity.kind {
        case .function, .procedure, .aggregate:
            let parameters = visible(texts.last ?? "")
            return texts.dropLast().map(quoted).joined(separator: ".") + "(\(parameters))"
        default: return texts.map(quoted).joined(separator: ".")
        }
    }

    /// A value in at most about `length` characters.
    static func value(_ value: SchemaValue?, length: Int) -> String {
        switch value {
        case nil: "none"
        case .flag?: "yes"
        case .text(let text)?: cut(visible(text.text), length)
        case .list(let texts)?: cut("[" + texts.map { visible($0.text) }.joined(separator: "; ") + "]", length)
        }
    }

    /// A name in quotes, unless it is one that needs none.
    static func quoted(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (0x30...0x39).contains(byte)
                || byte == UInt8(ascii: "_")
        }
        if isPlain, let first = name.utf8.first, !(0x30...0x39).contains(first) { return name }
        return visible(name).quoted(by: "\"")
    }

    /// Blanks in a row become one space, and what cannot be seen is written as its number.
    static func visible(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var isAfterBlank = true
        for scalar in text.unicodeScalars {
            if scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r" {
                if !isAfterBlank { result.append(" ") }
                isAfterBlank = true
                continue
            }
            isAfterBlank = false
            if scalar.isUnprintable || [.privateUse, .unassigned].contains(scalar.properties.generalCategory) {
                result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        if isAfterBlank, result.last == " " { result.removeLast() }
        return String(result)
    }

    private static func cut(_ text: String, _ length: Int) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > length else { return text }
        return String(String.UnicodeScalarView(scalars.prefix(max(0, length - 1)))) + "…"
    }
}
