import DesiredState
import Diagnostics
import Foundation
import Hummingbird
import Logging
import NIOCore
import OutboundHTTP
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("r10k's records are read")
struct OutsideRecordsTests {
    private static let record = #"{"signature": "0123456789012345678901234567890123456789"}"#

    @Test("from a web server, within a size, and never from a host that may not be reached")
    func web() async throws {
        try await Self.serving { base in
            let trusted = OutsideRecords(
                client: OutboundClient(
                    destinations: DestinationGuard(policy: AddressPolicy(trusting: ["127.0.0.1"]))))
            func read(_ path: String, limit: Int = 1000) async throws -> [UInt8]? {
                try await trusted.read(.url("\(base)\(path)"), limit: limit)
            }
            let (whole, none) = (try await read("/record"), try await read("/none"))
            #expect(whole == Array(Self.record.utf8))
            #expect(none == nil)
            for (path, limit, code) in [
                ("/record", 10, "release.record-too-large"), ("/denied", 1000, "release.record-unreadable"),
                ("/elsewhere", 1000, "outbound.redirected"),
            ] {
                let error = await #expect(throws: SluiceError.self) { try await read(path, limit: limit) }
                #expect(error?.code.rawValue == code, "\(path)")
            }
            let strict = OutsideRecords(
                client: OutboundClient(destinations: DestinationGuard(policy: AddressPolicy(trusting: []))))
            let refused = await #expect(throws: SluiceError.self) {
                try await strict.read(.url("\(base)/record"), limit: 1000)
            }
            #expect(refused?.code.rawValue.hasPrefix("outbound.") == true)
        }
    }

    @Test(
        "from a file, also behind a link; what is no file or too large is refused, and what is not there is no record")
    func file() async throws {
        try await withTemporaryDirectory("records") { folder in
            let records = OutsideRecords(
                client: OutboundClient(destinations: DestinationGuard(policy: AddressPolicy(trusting: []))))
            try Self.record.write(toFile: "\(folder)/record.json", atomically: true, encoding: .utf8)
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/link", withDestinationPath: "\(folder)/record.json")
            for name in ["record.json", "link"] {
                #expect(try await records.read(.file("\(folder)/\(name)"), limit: 1000) == Array(Self.record.utf8))
            }
            #expect(try await records.read(.file("\(folder)/none"), limit: 1000) == nil)
            for (name, limit) in [("record.json", 10), ("", 1000)] {
                await #expect(throws: (any Error).self) {
                    try await records.read(.file("\(folder)/\(name)"), limit: limit)
                }
            }
            await #expect(throws: (any Error).self) { try await records.read(.file("/dev/zero"), limit: 1000) }
        }
    }

    /// Calls `body` with the address of a server that has a record.
    private static func serving(_ body: @Sendable @escaping (String) async throws -> Void) async throws {
        let router = Router()
        router.get("record") { _, _ in Self.record }
        router.get("denied") { _, _ -> Response in Response(status: .forbidden) }
        router.get("elsewhere") { _, _ -> Response in
            Response(status: .found, headers: [.location: "http://192.0.2.1/record"])
        }
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { announce.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await port in ports {
                try await body("http://127.0.0.1:\(port)")
                break
            }
            group.cancelAll()
        }
    }
}
