import DesiredState
import Notices
import Telemetry

/// Sends notices by another sender, and counts what comes of them.
struct CountedNotices: NoticeSender {
    let sender: any NoticeSender
    let metrics: ControllerMetrics

    func send(_ message: NoticeMessage, to destination: NoticeDestination) async throws -> NoticeAnswer {
        let answer = try await sender.send(message, to: destination)
        metrics.registry.add(to: .noticeMessages, [destination.word, answer.verdict.word])
        return answer
    }
}

extension NoticeDestination {
    /// The type, as manifests have it.
    fileprivate var word: String {
        switch self {
        case .wecom: "wecom"
        case .slack: "slack"
        case .feishu: "feishu"
        case .dingtalk: "dingtalk"
        case .email: "email"
        case .webhook: "webhook"
        }
    }
}

extension NoticeVerdict {
    /// What it means, in a word.
    fileprivate var word: String {
        switch self {
        case .taken: "taken"
        case .throttled: "throttled"
        case .refused: "refused"
        case .gone: "gone"
        }
    }
}
