public import DesiredState
import Diagnostics
public import Foundation
public import OutboundHTTP

/// Sends messages over the controller's one way out: only to addresses that may be reached, without following redirects.
public struct OutboundNoticeSender: NoticeSender {
    let client: OutboundClient
    let secrets: SecretResolver
    let mail: (any MailCarrier)?
    let now: @Sendable () -> Date

    /// Makes a sender.
    /// - Parameters:
    ///   - mail: Takes mail; nil when none can be sent.
    ///   - now: The clock that signatures are made by.
    public init(
        client: OutboundClient, secrets: SecretResolver, mail: (any MailCarrier)? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.client = client
        self.secrets = secrets
        self.mail = mail
        self.now = now
    }

    /// Sends a message. No answer holds a robot's address, a key of it or a secret.
    public func send(_ message: NoticeMessage, to destination: NoticeDestination) async throws -> NoticeAnswer {
        var scrubber = TextScrubber(limit: 500)
        do {
            if case .email(let spec) = destination {
                guard let mail else {
                    throw SluiceError("notice.no-mail", .stalled, "this controller sends no mail")
                }
                let password = try spec.password.map { try secrets.resolve($0) }
                scrubber.secrets = [password].compactMap(\.self)
                return try await mail.send(message, to: spec, password: password, now: now())
            }
            let keys = try WireKeys(of: destination, secrets)
            scrubber.secrets = keys.traces
            let request = try WireRequest(message, to: destination, keys: keys, now: now())
            let response = try await client.send(request.outbound)
            let words = scrubber.scrub(String(decoding: response.body.prefix(2_000), as: UTF8.self))
            return NoticeAnswer(
                WireAnswer.verdict(response, from: destination), status: response.status,
                words: "HTTP status \(response.status)" + (words.isEmpty ? "" : ": \(words)"))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            try Task.checkCancellation()
            let error = SluiceError(wrapping: error)
            let words = [error.description, error.detail].compactMap(\.self).joined(separator: ": ")
            return NoticeAnswer(error.retryAfter.map { .throttled($0) } ?? .refused, words: scrubber.scrub(words))
        }
    }
}
