import DesiredState
import Diagnostics
import Foundation
import Logging
import TestSupport
import Testing
import Webhooks

@testable import ControlAPI

@Suite("Secrets of webhooks")
struct WebhookSecretTests {
    /// Writes messages where a test can read them.
    private struct RecordingHandler: LogHandler {
        let recorder: Recorder
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { recorder.append("\(event.message)\n") }
    }

    @Test("A webhook that is refused because a secret cannot be read is refused with that in the log")
    func unreadable() async throws {
        let source = WebhookSource(
            name: "gitlab", scheme: .gitlab, secrets: [], unreadable: ["the environment variable HOOK is not set"])
        let services = FakeServices(FakeServices.World(sources: [source]))
        let recorder = Recorder()
        let receiver = WebhookReceiver(
            sources: services, inbox: services, limits: .init(), now: { Date(timeIntervalSince1970: 1_772_444_411) },
            logger: Logger(label: "test") { _ in RecordingHandler(recorder: recorder) })
        let delivery = WebhookDelivery(headers: [(name: "X-Gitlab-Token", value: "guess-4711")], body: Array("{}".utf8))
        await #expect(throws: CallFailure.self) { try await receiver.receive(delivery, from: "gitlab") }
        #expect(recorder.text.contains("the source has no secret; a secret cannot be read: the environment"))
        #expect(!recorder.text.contains("guess-4711"))
    }
}
