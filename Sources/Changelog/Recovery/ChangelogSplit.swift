import Diagnostics

/// Cuts a changeset in two in its author's file: what is applied keeps its name, and what follows becomes a changeset of
/// its own.
public struct ChangelogSplit: Sendable, Hashable {
    /// What the second one is called.
    public let newID: String
    /// What is put in.
    public let insertion: String
    /// The line before which it stands.
    public let line: Int
    /// The whole file with it.
    public let text: String

    /// Cuts.
    ///
    /// - Parameters:
    ///   - prepared: The changeset.
    ///   - applied: How many statements the first one keeps.
    ///   - text: The file that the changeset stands in.
    ///   - taken: Identities that are there already.
    /// - Throws: `SluiceError` `changelog.split-impossible` when a program cannot do it here; its hint says what to do.
    public init(
        _ prepared: PreparedChangeSet, after applied: Int, in text: String, avoiding taken: Set<ChangeSet.Identity>
    ) throws {
        var scissors = Scissors(prepared: prepared, applied: applied, text: text)
        var suffix = "-rest"
        var identity = prepared.identity
        identity.id += suffix
        for number in 2...100 where taken.contains(identity) {
            suffix = "-rest\(number)"
            identity.id = prepared.identity.id + suffix
        }
        let (insertion, offset) = try scissors.cut(suffix)
        newID = identity.id
        self.insertion = insertion
        let start = text.utf8.index(text.startIndex, offsetBy: offset)
        line = text[..<start].utf8.count { $0 == UInt8(ascii: "\n") } + 1
        self.text = text[..<start] + insertion + text[start...]
    }
}

/// Finds the place and the words.
private struct Scissors {
    let prepared: PreparedChangeSet
    let applied: Int
    let text: String

    mutating func cut(_ suffix: String) throws -> (String, Int) {
        let statements = try prepared.requireStatements().filter { $0.role != .message }
        guard applied > 0, statements.indices.contains(applied) else {
            throw impossible("there are no statements on both sides")
        }
        if prepared.changeSet.file.lowercased().ends(with: ".sql") { return try formattedSQL(statements, suffix) }
        if prepared.changeSet.file.lowercased().ends(with: ".xml") { return try xml(suffix) }
        throw impossible("this format is not cut by a program")
    }

    private func formattedSQL(_ statements: [SQLStatement], _ suffix: String) throws -> (String, Int) {
        guard let header = prepared.changeSet.location.line, let line = statements[applied].location?.line,
            let before = statements[applied - 1].location?.line, line > before,
            statements[applied].location?.file == prepared.changeSet.file, let start = offset(ofLine: line),
            let headerStart = offset(ofLine: header)
        else { throw impossible("the statements do not stand on lines of their own") }
        let name = "\(prepared.identity.author):\(prepared.identity.id)"
        let words = text[index(headerStart)...].prefix { !$0.isNewline }
        guard let place = words.exactRange(of: name) else { throw impossible("its header is written in another way") }
        return ("\n\(words[..<place.upperBound])\(suffix)\(words[place.upperBound...])\n", start)
    }

    private func xml(_ suffix: String) throws -> (String, Int) {
        guard let change = try firstChange(), let start = offset(of: change),
            let open = offset(of: prepared.changeSet.location)
        else { throw impossible("the cut would go through one change") }
        let tag = startTag(at: open)
        guard let tag, let id = tag.firstMatch(of: /\sid\s*=\s*(?:"([^"]*)"|'([^']*)')/),
            let value = (id.output.1 ?? id.output.2)
        else { throw impossible("its first line is written in another way") }
        // With the prefix that its namespace has here.
        let name = tag.dropFirst().prefix { !$0.isWhitespace && $0 != "/" && $0 != ">" }
        return ("</\(name)>\n\(tag[..<value.endIndex])\(suffix)\(tag[value.endIndex...])\n", start)
    }

    /// Where the change begins that gives the first statement that is not applied, unless an applied one is of the same.
    private func firstChange() throws -> SourceLocation? {
        var left = applied
        for change in prepared.changes where PreparedChangeSet.isForPostgres(change) {
            if left == 0 { return change.location }
            left -= try change.change.statements(prepared.dialect).count { $0.role != .message }
            if left < 0 { return nil }
        }
        return nil
    }

    /// An element's first tag, whose attributes may hold a `>`.
    private func startTag(at offset: Int) -> Substring? {
        let rest = text[index(offset)...]
        var quote: Character?
        for place in rest.indices {
            let character = rest[place]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == ">" {
                return rest[...place]
            }
        }
        return nil
    }

    private func index(_ offset: Int) -> String.Index { text.utf8.index(text.startIndex, offsetBy: offset) }

    private func offset(ofLine line: Int) -> Int? {
        if line == 1 { return 0 }
        var seen = 1
        for (offset, byte) in text.utf8.enumerated() where byte == UInt8(ascii: "\n") {
            seen += 1
            if seen == line { return offset + 1 }
        }
        return nil
    }

    /// Where an element begins; nil when there is none.
    private func offset(of location: SourceLocation) -> Int? {
        guard location.file == prepared.changeSet.file, let line = location.line, let column = location.column,
            let start = offset(ofLine: line)
        else { return nil }
        let offset = start + text[index(start)...].prefix(max(0, column - 1)).utf8.count
        return text.utf8.dropFirst(offset).first == UInt8(ascii: "<") ? offset : nil
    }

    private func impossible(_ reason: String) -> SluiceError {
        SluiceError(
            "changelog.split-impossible", .stalled,
            "changeset \(prepared.identity) cannot be split by this command: \(reason)",
            hint: """
                move what follows statement \(applied) into a changeset of its own right behind it, with \
                runInTransaction="false", and run mark-applied for this one
                """, at: prepared.changeSet.location)
    }
}
