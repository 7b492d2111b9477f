import Logging
import Testing

@testable import WorkContext

@Suite("The trace that work belongs to")
struct TraceContextTests {
    private static let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test("What another program says of its trace is taken over as it is")
    func reading() throws {
        let trace = try #require(TraceContext(traceparent: Self.good))
        #expect(trace.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(trace.spanID == "00f067aa0ba902b7")
        #expect(trace.isSampled)
        #expect(trace.traceparent == Self.good)
        #expect(TraceContext(traceparent: "cc" + Self.good.dropFirst(2) + "-what-the-future-will-be-like") != nil)
        #expect(TraceContext(traceparent: Self.good.dropLast(2) + "02")?.isSampled == false)
    }

    @Test(
        "What is no trace is as if nothing had been said",
        arguments: [
            "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
            "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nX-Evil: 1",
            "００-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ])
    func refusing(_ text: String) { #expect(TraceContext(traceparent: text) == nil) }

    @Test("A trace that begins here is one that others understand, and its parts differ within it")
    func beginning() throws {
        var generator = SystemRandomNumberGenerator()
        let one = TraceContext.begin(using: &generator)
        #expect(TraceContext(traceparent: one.traceparent) == one)
        let child = one.child(using: &generator)
        #expect(child.traceID == one.traceID && child.spanID != one.spanID)
        #expect(TraceContext.begin(using: &generator).traceID != one.traceID)
    }

    @Test("The context goes with the task, children of it included, and no further")
    func scope() async throws {
        let trace = try #require(TraceContext(traceparent: Self.good))
        await WorkContext.$current.withValue(WorkContext(trace: trace, fields: [.object: "Registry/land"])) {
            let inner = WorkContext.current.adding([.run: "7"])
            await WorkContext.$current.withValue(inner) {
                async let said = Logger.MetadataProvider.workContext.get()
                #expect(
                    await said == [
                        "object": "Registry/land", "run": "7", "trace_id": "\(trace.traceID)",
                        "span_id": "\(trace.spanID)",
                    ])
            }
            #expect(WorkContext.current.fields[.run] == nil)
        }
        #expect(Logger.MetadataProvider.workContext.get() == [:])
    }
}
