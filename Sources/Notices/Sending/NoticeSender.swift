public import DesiredState

/// Gets messages to where a channel leads.
public protocol NoticeSender: Sendable {
    /// Sends a message. Whatever is wrong outside is an answer; it throws only when it is cancelled.
    func send(_ message: NoticeMessage, to destination: NoticeDestination) async throws -> NoticeAnswer
}

/// What came back.
public struct NoticeAnswer: Hashable, Sendable {
    /// What it means.
    public let verdict: NoticeVerdict
    /// The HTTP status; nil when there was none.
    public let status: Int?
    /// The beginning of the answer, or what went wrong; no secrets.
    public let words: String

    /// Makes an answer.
    public init(_ verdict: NoticeVerdict, status: Int? = nil, words: String) {
        self.verdict = verdict
        self.status = status
        self.words = words
    }
}

/// What an answer means.
public enum NoticeVerdict: Hashable, Sendable {
    /// The message was taken.
    case taken
    /// It was not, and we are asked to wait for so long.
    case throttled(Duration)
    /// It was not.
    case refused
    /// It was not, and nothing will be any more.
    case gone
}
