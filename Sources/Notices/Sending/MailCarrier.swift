public import DesiredState
public import Diagnostics
public import Foundation

/// Gets messages to mailboxes.
public protocol MailCarrier: Sendable {
    /// Hands a message to the mail server. Throws what is wrong outside.
    func send(
        _ message: NoticeMessage, to mail: MailSpec, password: Secret<String>?, now: Date
    ) async throws -> NoticeAnswer
}
