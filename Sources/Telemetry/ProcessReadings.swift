import Diagnostics
import Foundation

/// What Linux says of a process.
public enum ProcessReadings {
    /// Reads `/proc/self`. What cannot be read is left out.
    public static func now() -> [MetricReading] {
        let stat = (try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8)) ?? ""
        let limits = (try? String(contentsOfFile: "/proc/self/limits", encoding: .utf8)) ?? ""
        let boot = (try? String(contentsOfFile: "/proc/stat", encoding: .utf8)) ?? ""
        let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        return readings(
            stat: stat, limits: limits, system: boot, openFiles: files, ticks: Double(sysconf(Int32(_SC_CLK_TCK))),
            pageSize: Double(sysconf(Int32(_SC_PAGESIZE))))
    }

    /// Makes readings of the texts; see proc(5).
    static func readings(
        stat: String, limits: String, system: String, openFiles: Int?, ticks: Double, pageSize: Double
    ) -> [MetricReading] {
        // The program's name, in brackets, may hold anything; the third field follows it.
        let fields = stat.words(at: ")").last?.words(at: " ").map { Double($0) ?? 0 } ?? []
        func field(_ number: Int) -> Double? { fields.dropFirst(number - 3).first }
        func last(of line: String, in text: String, at index: Int) -> Double? {
            text.words(at: "\n").first { $0.begins(with: line) }?.dropFirst(line.count).words(at: " ")
                .dropFirst(index).first.flatMap { Double($0) }
        }
        let started = last(of: "btime", in: system, at: 0).flatMap { boot in field(22).map { boot + $0 / ticks } }
        let values: [(Metric, Double?)] = [
            (.processorTime, field(14).flatMap { user in field(15).map { (user + $0) / ticks } }),
            (.residentMemory, field(24).map { $0 * pageSize }), (.openFiles, openFiles.map { Double($0) }),
            (.mostFiles, last(of: "Max open files", in: limits, at: 0)), (.started, started),
        ]
        return values.compactMap { metric, value in value.map { MetricReading(metric, [], $0) } }
    }
}
