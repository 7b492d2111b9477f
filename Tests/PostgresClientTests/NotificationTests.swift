import PostgresClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct NotificationTests {
    private func withPair(
        _ body: (_ listener: PostgresConnection, _ sender: PostgresConnection) async throws -> Void
    ) async throws {
        try await withDatabase { configuration in
            let listener = try await PostgresConnection.open(configuration)
            let sender = try await PostgresConnection.open(configuration)
            try await body(listener, sender)
            await listener.close()
            await sender.close()
        }
    }

    @Test("Nothing that is notified after the call is missed, in order, with channel, payload and sender")
    func order() async throws {
        try await withPair { listener, sender in
            let stream = try await listener.notifications(on: ["wake", "odd \"name\""])
            for number in 0..<1000 { try await sender.query("SELECT pg_notify('wake', $1)", [String(number)]) }
            try await sender.query("SELECT pg_notify('odd \"name\"', 'end')")
            var payloads: [String] = []
            for try await notification in stream {
                #expect(notification.processID == sender.processID)
                if notification.channel != "wake" { break }
                payloads.append(notification.payload)
            }
            #expect(payloads == (0..<1000).map(String.init))
        }
    }

    @Test("A listening connection refuses statements; when the reader is gone it listens no more and takes them again")
    func leaving() async throws {
        try await withPair { listener, sender in
            let reader = Task { [stream = try await listener.notifications(on: ["wake"])] in
                for try await _ in stream {}
            }
            let error = await #expect(throws: PostgresError.self) { try await listener.query("SELECT 1") }
            #expect(error?.kind == .protocolViolation)
            reader.cancel()
            try await reader.value
            // The connection's thread notices the reader's end a moment later.
            var channels: Int?
            while channels == nil {
                channels = try? await listener.query("SELECT count(*) FROM pg_listening_channels()").single().int(0)
            }
            #expect(channels == 0)
        }
    }

    @Test("A killed session ends the stream with an error")
    func killed() async throws {
        try await withPair { listener, sender in
            let stream = try await listener.notifications(on: ["wake"])
            try await sender.query("SELECT pg_terminate_backend($1)", [listener.processID])
            let error = await #expect(throws: PostgresError.self) { for try await _ in stream {} }
            #expect(error?.kind == .connectionLost)
            #expect(!listener.isUsable)
        }
    }

    @Test("Closing the connection ends the stream")
    func closing() async throws {
        try await withPair { listener, _ in
            let stream = try await listener.notifications(on: ["wake"])
            await listener.close()
            for try await _ in stream {}
        }
    }

    @Test("A session that listens by its own statement does not pile notifications up")
    func selfListening() async throws {
        try await withPair { listener, _ in
            try await listener.runScript("LISTEN x; SELECT pg_notify('x', i::text) FROM generate_series(1, 10000) i")
            #expect(try await listener.query("SELECT 1").single().int(0) == 1)
        }
    }
}
