import Diagnostics

/// A commit's message where readers of mails would take parts of it for something else.
///
/// Those readers are git, which looks at how lines begin; GNU patch, which RPM and quilt run, and which passes over what lines are
/// indented by; and people who read what is quoted as quoted. All go by bytes, and so does this.
enum MailBody {
    /// The message with a mark of quotation before each line that would end it, begin another mail or a difference, or be read
    /// as a header.
    static func safe(_ body: String) -> String {
        var isBeginning = true
        return body.parts(at: "\n").map { line -> String in
            let isHeader = isBeginning && looksLikeHeader(line)
            if !line.isEmpty { isBeginning = false }
            return isHeader || endsMessage(line) ? quoted(line) : withoutScissors(line)
        }.joined(separator: "\n")
    }

    /// The line as nobody reads it but people.
    static func quoted(_ line: some StringProtocol) -> String { "> \(withoutScissors(line))" }

    /// Whether a difference may begin with the line, however it is indented.
    static func beginsDifference(_ line: some StringProtocol) -> Bool {
        // GNU patch passes over these, and over what PGP puts before dashes.
        var rest = line.utf8.drop { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: "X") }
        while rest.starts(with: "- ".utf8) { rest = rest.dropFirst(2) }
        return beginnings.contains { rest.starts(with: $0.utf8) }
    }

    private static let beginnings = [
        "diff ", "--- ", "+++ ", "@@ ", "*** ", "Index:", "Prereq:", "Only in ", "GIT binary patch",
    ]

    private static func endsMessage(_ line: Substring) -> Bool {
        if beginsDifference(line) || line.begins(with: "From ") || line.begins(with: ">From") { return true }
        // What ends a message without a file's name behind it.
        let dashes = line.utf8.prefix { $0 == UInt8(ascii: "-") }
        return dashes.count == 3 && line.utf8.dropFirst(3).allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
    }

    /// The line with its scissors, which some people have `git am` look for anywhere in it, opened.
    private static func withoutScissors(_ line: some StringProtocol) -> String {
        var text = String(line)
        guard text.holds("-") else { return text }
        for (closed, open) in [(">8", "> 8"), ("8<", "8 <"), (">%", "> %"), ("%<", "% <")] {
            text = text.replacingAll(closed, with: open)
        }
        return text
    }

    private static func looksLikeHeader(_ line: Substring) -> Bool {
        let lower = line.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        return ["from:", "date:", "subject:", "[patch]"].contains { lower.starts(with: $0.utf8) }
    }
}
