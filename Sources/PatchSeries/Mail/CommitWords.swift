import Diagnostics
public import GitClient

/// What a commit's author says, as a mail has it: a subject, and the rest.
public struct CommitWords: Hashable, Sendable {
    /// The author's name, on one line.
    public let author: String
    /// The author's address, on one line and without angle brackets.
    public let email: String
    /// The first paragraph on one line; never empty.
    public let subject: String
    /// What follows it, without empty lines around; may be empty.
    public let body: String

    /// Makes words of parts that are in their form already.
    init(author: String, email: String, subject: String, body: String) {
        self.author = author
        self.email = email
        self.subject = subject
        self.body = body
    }

    /// Reads a commit's words.
    public init(_ text: CommitText, of commit: ObjectID) {
        let reader = MessageText(encoding: text.encoding)
        author = reader.text(text.authorName).onOneLine
        email = String(
            String.UnicodeScalarView(
                reader.text(text.authorEmail).onOneLine.unicodeScalars.filter { $0 != "<" && $0 != ">" && $0 != " " }))
        let lines = reader.text(text.message).parts(at: "\n").map {
            $0.isBlank ? "" : String($0)
        }
        let message = lines.drop { $0.isEmpty }
        let first = message.prefix { !$0.isEmpty }
        let title = first.joined(separator: " ").onOneLine
        subject = title.isEmpty ? "Commit \(commit.abbreviated) has no message" : title
        var rest = message.dropFirst(first.count).drop { $0.isEmpty }
        while rest.last?.isEmpty == true { rest.removeLast() }
        body = rest.joined(separator: "\n")
    }
}

extension StringProtocol {
    fileprivate var isBlank: Bool { unicodeScalars.allSatisfy { $0 == " " || $0 == "\t" } }

    /// The text with white space and control characters run together.
    fileprivate var onOneLine: String {
        unicodeScalars.split { $0.value <= 0x20 || $0.value == 0x7F }.map { String(String.UnicodeScalarView($0)) }
            .joined(separator: " ")
    }
}
