public import Diagnostics

/// An error as the history keeps it.
public struct RecordedError: Hashable, Sendable {
    /// The stable slug of ``SluiceError/code``.
    public let code: String
    /// What happened, safe to show anyone, with its place and hint.
    public let message: String
    /// More for operators. Not safe to show anyone.
    public let detail: String?

    /// Makes a recorded error.
    public init(code: String, message: String, detail: String?) {
        self.code = code
        self.message = message
        self.detail = detail
    }

    /// What is kept of an error.
    public init(_ error: SluiceError) {
        self.init(code: error.code.rawValue, message: error.description, detail: error.detail)
    }
}
