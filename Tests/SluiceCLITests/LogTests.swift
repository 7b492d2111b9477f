import DesiredState
import Logging
import NIOConcurrencyHelpers
import Testing
import WorkContext

@testable import SluiceCLI

@Suite("The log")
struct LogTests {
    private static func lines(_ format: LogFormat, _ body: (Logger) -> Void) -> [String] {
        let lines = NIOLockedValueBox<[String]>([])
        let log = LineLog(format) { line in lines.withLockedValue { $0.append(line) } }
        body(Logger(label: "test") { _ in log })
        return lines.withLockedValue(\.self)
    }

    private static let work = WorkContext(
        trace: TraceContext(traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        fields: [.object: "Candidate/land/1042", .lane: "deploy", .generation: "3", .run: "17", .pass: "2"])

    @Test("A line for programs is one JSON object, with the work that it is about and nothing split in two")
    func json() throws {
        let lines = Self.lines(.json) { logger in
            WorkContext.$current.withValue(Self.work) {
                logger.warning("two\nlines \u{1B}[31m", metadata: ["path": "a b", "list": ["x", "y"]])
            }
        }
        #expect(lines.count == 1 && lines[0].hasSuffix("\n") && lines[0].filter { $0 == "\n" }.count == 1)
        let line = try JSONValue(parsing: lines[0])
        for (name, value) in [
            "level": "warning", "object": "Candidate/land/1042", "lane": "deploy", "generation": "3", "run": "17",
            "pass": "2", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7", "path": "a b",
        ] { #expect(line[name]?.string == value, "\(name)") }
        #expect(line["message"]?.string?.hasPrefix("two\nlines") == true)
        #expect(line["list"] == ["x", "y"])
        #expect(line["time"]?.string?.hasSuffix("Z") == true)
    }

    @Test("A name of a stranger begins no line of its own, and writes nothing on a terminal")
    func text() {
        let lines = Self.lines(.text) { $0.notice("seen", metadata: ["name": "a\n2026-01-01 ERROR forged \u{1B}[2J"]) }
        #expect(lines.count == 1 && lines[0].filter { $0 == "\n" }.count == 1)
        #expect(!lines[0].contains("\u{1B}"))
        #expect(lines[0].contains(" NOTICE seen name=\"a 2026-01-01 ERROR forged  [2J\""))
    }

    @Test("Words of a stranger in a message begin no line of their own, and no field in a value")
    func forged() {
        let lines = Self.lines(.text) {
            $0.error("failed: x\n2026-01-01 ERROR sluice: forged", metadata: ["name": "a run=17", "say": "\"\\"])
        }
        #expect(lines.count == 1 && lines[0].filter { $0 == "\n" }.count == 1)
        #expect(lines[0].hasSuffix(" name=\"a run=17\" say=\"\\\"\\\\\"\n"))
    }

    @Test("B-09 A password in an address is in no line", arguments: LogFormat.allCases)
    func secrets(_ format: LogFormat) {
        let lines = Self.lines(format) {
            $0.error("https://bot:hunter2@host/x", metadata: ["remote": "https://bot:hunter2@host/x"])
        }
        #expect(!lines.joined().contains("hunter2"))
    }

    @Test("What an event says of itself counts before the work that it is about")
    func precedence() throws {
        let lines = Self.lines(.json) { logger in
            WorkContext.$current.withValue(Self.work) { logger.notice("x", metadata: ["object": "other"]) }
        }
        #expect(try JSONValue(parsing: lines[0])["object"] == "other")
    }
}
