/// The `name:value` attributes of a formatted-SQL line.
///
/// Liquibase looks for each name anywhere in the line and takes the last place where a fitting value follows, so
/// `rollbackSplitStatements:false` sets `splitStatements` too. These are the rules that teams' files are written to.
struct SQLAttributes {
    /// Which bytes may follow the colon.
    enum Value {
        /// One or more letters, digits, underscores.
        case word
        /// The same, or nothing.
        case wordOrNothing
        /// Everything up to the next blank.
        case unbroken
        /// A text in double quotes, or everything up to the next blank.
        case quotable
        /// Names of databases: any first byte but a comma, then letters, digits, `_`, `!` and `,`.
        case databases
        /// A word that may hold `${}`.
        case expression
        /// After blanks, everything up to the next one.
        case spaced
    }

    private let bytes: [UInt8]
    private let lowered: [UInt8]

    init(_ line: Substring) {
        bytes = Array(line.utf8)
        lowered = bytes.map(SQLDirective.lower)
    }

    /// The value of an attribute; nil when it is not there.
    subscript(_ name: String, _ kind: Value = .word, isWholeWord isWholeWord: Bool = false) -> String? {
        let needle = Array(name.lowercased().utf8) + [UInt8(ascii: ":")]
        guard lowered.count >= needle.count else { return nil }
        for start in stride(from: lowered.count - needle.count, through: 0, by: -1) {
            guard lowered[start...].starts(with: needle) else { continue }
            if isWholeWord, start > 0, SQLDirective.isWord(bytes[start - 1]) { continue }
            if let value = Self.value(kind, bytes[(start + needle.count)...]) {
                return String(decoding: value, as: UTF8.self)
            }
        }
        return nil
    }

    /// Whether an attribute says `true`; nil when it is not there.
    func flag(_ name: String) -> Bool? { self[name]?.javaBoolean }

    private static func value(_ kind: Value, _ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        switch kind {
        case .word:
            let word = rest.prefix(while: SQLDirective.isWord)
            return word.isEmpty ? nil : word
        case .wordOrNothing: return rest.prefix(while: SQLDirective.isWord)
        case .unbroken: return rest.prefix { !SQLDirective.isBlank($0) }
        case .quotable:
            let quote = UInt8(ascii: "\"")
            if rest.first == quote, let end = rest.dropFirst().firstIndex(of: quote) { return rest[...end] }
            return rest.prefix { !SQLDirective.isBlank($0) }
        case .databases:
            guard let first = rest.first, first != UInt8(ascii: ",") else { return nil }
            let names = rest.dropFirst().prefix {
                SQLDirective.isWord($0) || $0 == UInt8(ascii: "!") || $0 == UInt8(ascii: ",")
            }
            return names.isEmpty ? nil : rest[..<names.endIndex]
        case .expression:
            let word = rest.prefix { SQLDirective.isWord($0) || "${}".utf8.contains($0) }
            return word.isEmpty ? nil : word
        case .spaced:
            let word = rest.drop(while: SQLDirective.isBlank).prefix { !SQLDirective.isBlank($0) }
            return word.isEmpty ? nil : word
        }
    }
}
