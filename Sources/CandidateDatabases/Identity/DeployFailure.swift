public import Diagnostics

/// Why a changelog did not deploy, small enough to be kept in a database comment and shown to the candidate's author.
public struct DeployFailure: Hashable, Sendable, Codable {
    /// The stable code of the error, such as `changelog.changeset-failed`.
    public let code: String
    /// What failed, in words for the author.
    public let message: String
    /// The file and line in the candidate, when known.
    public let file: String?
    /// The line in ``file``, from 1.
    public let line: Int?
    /// What the author can do.
    public let hint: String?

    /// Makes a failure; texts are cut to what a comment may hold.
    public init(code: String, message: String, file: String?, line: Int?, hint: String?) {
        self.code = code
        self.message = Self.bounded(message, 4_000)
        self.file = file.map { Self.bounded($0, 500) }
        self.line = line
        self.hint = hint.map { Self.bounded($0, 1_000) }
    }

    /// The part of an error that is safe for anyone.
    public init(_ error: SluiceError) {
        self.init(
            code: error.code.rawValue, message: error.message, file: error.location?.file, line: error.location?.line,
            hint: error.hint)
    }

    /// Whether the same content must fail again. A limit may be raised and a server may be mended: then a new revision is
    /// tried again although its content is the same.
    var isAboutContent: Bool {
        !["candidate.deadline-exceeded", "candidate.size-exceeded", DeployInterruption.code.rawValue].contains(code)
    }

    /// `file:line: message (hint)`.
    public var text: String {
        let place = file.map { SourceLocation(file: $0, line: line).description + ": " } ?? ""
        return place + message + (hint.map { " (\($0))" } ?? "")
    }

    /// The text without control characters but tabs and line feeds, cut to `maximum` bytes of UTF-8.
    ///
    /// Bytes, not characters: a letter may carry a million accents, and the comment that the text goes into has room for
    /// so many bytes. Quotes and backslashes take two there, which is counted in.
    static func bounded(_ text: String, _ maximum: Int) -> String {
        var kept = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars {
            if scalar.changesDisplay, scalar != "\n", scalar != "\t" { continue }
            bytes += UTF8.width(scalar)
            guard bytes <= maximum else {
                kept.append("…")
                break
            }
            kept.append(scalar)
        }
        return String(kept)
    }
}
