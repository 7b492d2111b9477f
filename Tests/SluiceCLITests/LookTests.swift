import DesiredState
import Diagnostics
import Testing

@testable import SluiceCLI

@Suite("A look at a place")
struct LookTests {
    @Test("Nobody waits for a look that cannot be cancelled")
    func hanging() async {
        let (release, released) = AsyncStream.makeStream(of: Void.self)
        let result = await Look.result(
            of: {
                // Deaf to cancellation, as resolving a name is.
                await Task.detached { for await _ in release {} }.value
                return 1
            }, within: .milliseconds(20))
        released.finish()
        guard case .failure(let error) = result else {
            Issue.record("it was waited for")
            return
        }
        #expect(error.code == "doctor.no-answer")
    }

    @Test("A look that ends says what it ended in")
    func ended() async throws {
        #expect(try await Look.result(of: { 1 }, within: .seconds(60)).get() == 1)
        let failed = await Look.result(
            of: { () throws -> Int in throw SluiceError("test.broken", .transient, "x") }, within: .seconds(60))
        guard case .failure(let error) = failed else {
            Issue.record("it did not fail")
            return
        }
        #expect(error.code == "test.broken")
    }

    @Test(
        "An answer without findings, or with what is not understood, is not healthy",
        arguments: [
            (["healthy": true, "items": [["state": "ok"], ["state": "warning"]]], true),
            (["healthy": false, "items": [["state": "ok"]]], false), (["healthy": true, "items": []], false),
            (["healthy": true], false), ([:], false), (["healthy": true, "items": [["state": "grim"]]], false),
            (["healthy": true, "items": [["state": "failed"]]], false),
        ] as [(JSONValue, Bool)])
    func health(_ answer: JSONValue, _ isHealthy: Bool) {
        #expect(DoctorView.isHealthy(answer) == isHealthy)
        #expect(!DoctorView.isHealthy(["healthy": true, "items": [["state": "warning"]]], strict: true))
    }
}
