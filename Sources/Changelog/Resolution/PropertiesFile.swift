import Diagnostics

/// Reads Java's `.properties` format: `name = value`, `#` and `!` comments, `\` escapes and continued lines.
package enum PropertiesFile {
    /// Names and values in the order of the file; bytes are Latin-1, as Java reads them.
    package static func read(_ bytes: [UInt8]) -> [(name: String, value: String)] {
        let text = String(String.UnicodeScalarView(bytes.map { UnicodeScalar($0) }))
        return logicalLines(text).map { line in
            let end = endOfName(line)
            var value = line[end...].drop(while: isBlank)
            if let separator = value.first, separator == "=" || separator == ":" {
                value = value.dropFirst().drop(while: isBlank)
            }
            return (unescaped(line[..<end]), unescaped(value))
        }
    }

    private static func isBlank(_ character: Character) -> Bool {
        character == " " || character == "\t" || character == "\u{0C}"
    }

    /// Lines without comments and blank ones, continued lines joined.
    private static func logicalLines(_ text: String) -> [String] {
        var lines: [String] = []
        var pending: String?
        var iterator = LineSequence(text)
        while let raw = iterator.next() {
            let line = raw.drop(while: isBlank)
            if pending == nil, line.isEmpty || line.begins(with: "#") || line.begins(with: "!") { continue }
            var joined = pending ?? ""
            // Gives up its own hold on the text, so that it grows in place.
            pending = nil
            joined += line
            if line.utf8.reversed().prefix(while: { $0 == UInt8(ascii: "\\") }).count.isMultiple(of: 2) {
                lines.append(joined)
            } else {
                joined.unicodeScalars.removeLast()
                pending = joined
            }
        }
        return lines + [pending].compactMap(\.self)
    }

    private static func endOfName(_ line: String) -> String.Index {
        var isEscaped = false
        return line.firstIndex { character in
            if isEscaped {
                isEscaped = false
                return false
            }
            isEscaped = character == "\\"
            return character == "=" || character == ":" || isBlank(character)
        } ?? line.endIndex
    }

    private static func unescaped(_ text: Substring) -> String {
        guard text.holds("\\") else { return String(text) }
        var units: [UInt16] = []
        var iterator = text.makeIterator()
        while let character = iterator.next() {
            guard character == "\\" else {
                units += String(character).utf16
                continue
            }
            switch iterator.next() {
            case "t": units.append(9)
            case "n": units.append(10)
            case "r": units.append(13)
            case "f": units.append(12)
            case "u":
                var digits = ""
                for _ in 0..<4 { if let digit = iterator.next() { digits.append(digit) } }
                units.append(UInt16(digits, radix: 16) ?? 0xFFFD)
            case let other?: units += String(other).utf16
            case nil: break
            }
        }
        return String(decoding: units, as: UTF16.self)
    }
}
