import Foundation
import Testing

@testable import Telemetry

@Suite("Metrics as text")
struct ExpositionTests {
    @Test("Counters, gauges and histograms are written as Prometheus reads them, each with its help and type")
    func text() {
        let registry = MetricRegistry()
        let counter = Metric("jobs_total", .counter, "Jobs\nof \\ all kinds.", by: ["kind", "end"])
        let histogram = Metric("job_seconds", .histogram([0.5, 1, 10]), "How long.", by: ["kind"])
        registry.add(to: counter, ["a \"b\" \\c\nd", "done"])
        registry.add(2, to: counter, ["a", "done"])
        registry.add(to: counter, ["a", "done"])
        for seconds in [0.25, 0.5, 0.75, 11] { registry.observe(.seconds(seconds), in: histogram, ["a"]) }
        let gauge = Metric("jobs", .gauge, "Jobs now.")
        let text = Exposition.text(registry, readings: [MetricReading(gauge, [], 1.5)])
        #expect(
            text == #"""
                # HELP job_seconds How long.
                # TYPE job_seconds histogram
                job_seconds_bucket{kind="a",le="0.5"} 2
                job_seconds_bucket{kind="a",le="1"} 3
                job_seconds_bucket{kind="a",le="10"} 3
                job_seconds_bucket{kind="a",le="+Inf"} 4
                job_seconds_sum{kind="a"} 12.5
                job_seconds_count{kind="a"} 4
                # HELP jobs Jobs now.
                # TYPE jobs gauge
                jobs 1.5
                # HELP jobs_total Jobs\nof \\ all kinds.
                # TYPE jobs_total counter
                jobs_total{kind="a \"b\" \\c\nd",end="done"} 1
                jobs_total{kind="a",end="done"} 3

                """#)
    }

    @Test("Labels without end are counted together, so that no page grows for ever")
    func bounded() {
        let registry = MetricRegistry()
        let counter = Metric("jobs_total", .counter, "Jobs.", by: ["id"])
        for number in 0..<(MetricRegistry.mostSeries + 10) { registry.add(to: counter, ["\(number)"]) }
        let series = registry.snapshot()[counter] ?? [:]
        #expect(series.count == MetricRegistry.mostSeries + 1)
        #expect(series[[MetricRegistry.other]]?.total == 10)
    }

    @Test("Every metric has a name of its own with its unit, and labels that Prometheus takes")
    func catalogue() {
        let metrics = Metric.catalogue
        #expect(Set(metrics.map(\.name)).count == metrics.count)
        for metric in metrics {
            #expect(metric.name.wholeMatch(of: /(sluice|process)_[a-z_]+/) != nil)
            #expect(metric.name.hasSuffix("_total") == (metric.kind == .counter), "\(metric.name)")
            #expect(metric.labels.allSatisfy { $0.wholeMatch(of: /[a-z]+/) != nil && $0 != "le" })
            if case .histogram(let bounds) = metric.kind { #expect(bounds == bounds.sorted() && !bounds.isEmpty) }
        }
    }

    @Test("The reference has every metric, with its type, its labels and what it tells")
    func reference() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let page = try String(contentsOf: root.appending(path: "docs/reference/metrics.md"), encoding: .utf8)
        for metric in Metric.catalogue {
            let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
            let row = "| `\(metric.name)` | \(metric.kind.word) | \(labels) | \(metric.summary) |"
            #expect(page.contains(row), "\(row)")
        }
        #expect(page.split(separator: "\n").count { $0.hasPrefix("| `") } == Metric.catalogue.count)
    }

    @Test("What Linux says of a process is read whatever its name is")
    func process() {
        let stat = "42 (a ) b (c) S " + (4...52).map { "\($0)" }.joined(separator: " ")
        let limits =
            "Limit                     Soft Limit           Hard Limit\nMax open files            1024  4096  files\n"
        let readings = ProcessReadings.readings(
            stat: stat, limits: limits, system: "cpu 1 2\nbtime 1000\n", openFiles: 7, ticks: 100, pageSize: 4096)
        let values = Dictionary(readings.map { ($0.metric, $0.value) }) { first, _ in first }
        #expect(values[.processorTime] == 0.29)
        #expect(values[.residentMemory] == 98_304)
        #expect(values[.openFiles] == 7 && values[.mostFiles] == 1024)
        #expect(values[.started] == 1000.22)
        #expect(ProcessReadings.now().map(\.metric).contains(.residentMemory))
    }
}
