import Diagnostics
import Foundation
import NIOConcurrencyHelpers
import Testing

@testable import OutboundHTTP

@Suite("Names of hosts")
struct SystemResolverTests {
    @Test func `F-03: a name whose servers do not answer is waited for until the limit, by one look-up`()
        async throws
    {
        let (gate, asked) = (DispatchSemaphore(value: 0), NIOLockedValueBox<[String]>([]))
        defer { gate.signal() }
        let resolver = SystemResolver(limit: .milliseconds(50)) { host in
            asked.withLockedValue { $0.append(host) }
            gate.wait()
            return []
        }
        for _ in 0..<5 {
            let error = await #expect(throws: SluiceError.self) { try await resolver.addresses(of: "stuck.test") }
            #expect(error?.code == "outbound.host-unknown" && error?.kind == .transient)
        }
        // The look-up has a thread of its own, which begins when it can.
        while asked.withLockedValue({ $0.isEmpty }) { await Task.yield() }
        #expect(asked.withLockedValue { $0 } == ["stuck.test"])
    }

    @Test func `F-03: names that do not come keep nobody from the others, and whoever is cancelled waits no longer`()
        async throws
    {
        let loopback = try #require(IPAddress("127.0.0.1"))
        let gate = DispatchSemaphore(value: 0)
        let stuck = 100
        defer { for _ in 0..<stuck { gate.signal() } }
        let resolver = SystemResolver(limit: .seconds(3600)) { host in
            if host.hasPrefix("stuck") { gate.wait() }
            return [loopback]
        }
        let tasks = (0..<stuck).map { number in Task { try await resolver.addresses(of: "stuck-\(number).test") } }
        #expect(try await resolver.addresses(of: "forge.test") == [loopback])
        for task in tasks { task.cancel() }
        for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
    }

    @Test func `this machine has a name`() async throws {
        #expect(try await !SystemResolver().addresses(of: "localhost").isEmpty)
        await expectFailure("outbound.host-unknown") {
            try await SystemResolver().addresses(of: "no-such-host.invalid")
        }
    }
}
