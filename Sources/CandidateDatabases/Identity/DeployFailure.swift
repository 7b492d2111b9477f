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

    /// `file:line: message (hint)`.
    public var text: String {
        let place = file.map { SourceLocation(file: $0, line: line).description + ": " } ?? ""
        return place + message + (hint.map { " (\($0))" } ?? "")
    }

    private static func bounded(_ text: String, _ maximum: Int) -> String {
        text.count <= maximum ? text : String(text.prefix(maximum)) + "…"
    }
}
