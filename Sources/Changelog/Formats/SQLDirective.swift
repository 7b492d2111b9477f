/// What a line of formatted SQL is, by the grammar of Liquibase: which directives may be indented, which need a blank
/// or a colon, and which misspellings are errors rather than comments.
struct SQLDirective {
    /// The line begins with blanks. Some directives are none then.
    private let isIndented: Bool
    /// How many dashes begin it. One is the usual misspelling of two.
    private let dashes: Int
    /// What follows the dashes and blanks.
    private let words: Substring

    /// Nil for every line that begins with no dash: plain SQL.
    init?(_ line: Substring) {
        let bytes = line.utf8
        guard let start = bytes.firstIndex(where: { !Self.isBlank($0) }), bytes[start] == UInt8(ascii: "-") else {
            return nil
        }
        isIndented = start != bytes.startIndex
        let afterDashes = bytes[start...].drop { $0 == UInt8(ascii: "-") }
        dashes = bytes.distance(from: start, to: afterDashes.startIndex)
        words = Substring(afterDashes.drop(while: Self.isBlank))
    }

    /// What is said inside or outside of changesets. The order is that of precedence.
    enum Meaning: Equatable {
        case header
        case property
        case ignoreLines(Substring)
        case changeSet(author: Substring, id: Substring)
        case comment(Substring)
        case validCheckSum(Substring)
        case rollback(Substring)
        case preconditions(Substring)
        case precondition(name: Substring, body: Substring?)
        /// Meant as a directive, and an error: what should have been written.
        case misspelt(String)
        /// An ordinary SQL comment or statement.
        case text
    }

    var meaning: Meaning {
        if isHeader { return .header }
        return property ?? ignoreLines ?? changeSet ?? comment ?? validCheckSum ?? rollback ?? preconditions ?? .text
    }

    /// Whether a line is the header that makes a `.sql` file a formatted one.
    static func isHeader(_ line: Substring) -> Bool { SQLDirective(line)?.isHeader ?? false }

    /// Whether a line opens a rollback block: `/* liquibase rollback`.
    static func opensRollbackBlock(_ line: Substring) -> Bool {
        guard var rest = Self.drop("/*", from: Self.trimmed(line)) else { return false }
        for word in ["liquibase", "rollback"] {
            guard let next = Self.drop(word, from: Self.trimmed(rest)) else { return false }
            rest = next
        }
        return Self.trimmed(rest).isEmpty
    }

    private var isHeader: Bool {
        guard dashes == 2, let rest = Self.drop("liquibase", from: words) else { return false }
        return Self.drop("formatted", from: Self.trimmed(rest)) != nil
    }
}

extension SQLDirective {
    private var property: Meaning? {
        guard let rest = Self.drop("property", from: words), rest.utf8.first.map(Self.isBlank) == true else {
            return nil
        }
        // Two parts with a colon each, and a blank between them.
        let bytes = rest.utf8
        guard dashes == 2, let first = bytes.firstIndex(of: UInt8(ascii: ":")),
            let blank = bytes[first...].firstIndex(where: Self.isBlank), bytes[blank...].contains(UInt8(ascii: ":"))
        else { return .misspelt("--property name:<name> value:<value>") }
        return .property
    }

    private var ignoreLines: Meaning? {
        guard !isIndented else { return nil }
        let isTwo = dashes == 2
        if let rest = Self.drop("ignoreLines:", from: words), !rest.isEmpty {
            if isTwo { return rest.utf8.allSatisfy(Self.isWord) ? .ignoreLines(rest) : nil }
            return dashes == 1 ? .misspelt("--ignoreLines:<count|start|end>") : nil
        }
        guard isTwo, let rest = Self.drop("ignore:", from: words), !rest.isEmpty, rest.utf8.allSatisfy(Self.isWord)
        else { return nil }
        return .misspelt("--ignoreLines:<count|start|end>")
    }

    private var changeSet: Meaning? {
        guard let rest = Self.drop("changeset", from: words) else { return nil }
        let wrong = Meaning.misspelt("--changeset <author>:<id>")
        guard dashes == 2 else {
            return dashes == 1 && !isIndented && rest.utf8.first.map(Self.isBlank) == true ? wrong : nil
        }
        guard rest.utf8.first.map(Self.isBlank) == true else { return wrong }
        let text = Self.trimmed(rest)
        guard let (author, afterAuthor) = Self.quoted(text, before: ":") ?? Self.upToColon(text),
            let first = afterAuthor.utf8.first, !Self.isBlank(first)
        else { return wrong }
        let id = Self.quoted(afterAuthor, before: nil)?.0 ?? Substring(afterAuthor.utf8.prefix { !Self.isBlank($0) })
        let bare = Self.unquoted(id).filter { $0 != ":" && $0 != " " }
        return bare.isEmpty ? wrong : .changeSet(author: Self.unquoted(author), id: Self.unquoted(id))
    }

    private var comment: Meaning? {
        guard !isIndented, dashes <= 2 else { return nil }
        if let text = Self.argument(of: "comment", in: words) {
            return dashes == 2 ? .comment(text) : .misspelt("--comment <comment>")
        }
        guard dashes == 2, Self.argument(of: "comments", in: words) != nil else { return nil }
        return .misspelt("--comment <comment>")
    }

    private var validCheckSum: Meaning? {
        guard !isIndented else { return nil }
        if dashes == 1, Self.drop("validCheckSum", from: words) != nil {
            return .misspelt("--validCheckSum <checksum>")
        }
        return dashes == 2 ? Self.argument(of: "validCheckSum", in: words).map(Meaning.validCheckSum) : nil
    }

    private var rollback: Meaning? {
        guard let rest = Self.drop("rollback", from: words), let first = rest.utf8.first else { return nil }
        if dashes == 2, first == 0x20 { return .rollback(rest.dropFirst()) }
        return dashes == 1 && Self.isBlank(first) ? .misspelt("--rollback <SQL>") : nil
    }

    private var preconditions: Meaning? {
        guard let rest = Self.drop("precondition", from: words) else { return nil }
        if dashes == 1 { return .misspelt("--preconditions or --precondition-<name>") }
        guard dashes == 2 else { return nil }
        if let list = Self.drop("s", from: rest) { return .preconditions(list) }
        guard let name = Self.drop("-", from: rest) else { return nil }
        let end = name.utf8.firstIndex { !Self.isWord($0) && $0 != UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        guard let end else { return name.isEmpty ? nil : .precondition(name: name, body: nil) }
        guard end > name.startIndex, name.utf8[end] == 0x20 else { return nil }
        return .precondition(name: name[..<end], body: name[name.utf8.index(after: end)...])
    }
}

extension SQLDirective {
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }

    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    static func trimmed(_ text: Substring) -> Substring { Substring(text.utf8.drop(while: isBlank)) }

    /// What follows a word, in whatever case it is written; nil when the text begins otherwise.
    static func drop(_ word: String, from text: Substring) -> Substring? {
        var rest = text.utf8
        for expected in word.utf8 {
            guard let byte = rest.first, lower(byte) == lower(expected) else { return nil }
            rest = rest.dropFirst()
        }
        return Substring(rest)
    }

    static func lower(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// What follows `word`, an optional colon and one blank.
    private static func argument(of word: String, in text: Substring) -> Substring? {
        guard var rest = drop(word, from: text)?.utf8 else { return nil }
        if rest.first == UInt8(ascii: ":") { rest = rest.dropFirst() }
        return rest.first == 0x20 ? Substring(rest.dropFirst()) : nil
    }

    /// A text in double quotes and what follows it, when that is `next` (which is left out).
    private static func quoted(_ text: Substring, before next: Character?) -> (Substring, Substring)? {
        guard text.first == "\"", let end = text.dropFirst().unicodeScalars.firstIndex(of: "\""),
            text.index(after: text.startIndex) < end
        else { return nil }
        let rest = text[text.index(after: end)...]
        guard let next else { return (text[...end], rest) }
        return rest.first == next ? (text[...end], rest.dropFirst()) : nil
    }

    private static func upToColon(_ text: Substring) -> (Substring, Substring)? {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), colon > text.startIndex else { return nil }
        return (text[..<colon], text[text.utf8.index(after: colon)...])
    }

    /// Without the quotes of either kind around it.
    static func unquoted(_ text: Substring) -> Substring {
        guard text.utf8.count > 1, let first = text.first, first == "\"" || first == "'", text.last == first else {
            return text
        }
        return text.dropFirst().dropLast()
    }
}
