import DesiredState
import Foundation
import Testing

/// The results that the scenarios were found to have with git alone, by scenario and check.
struct Oracle: Sendable {
    private let rows: [String: [String: String]]

    /// Reads `Scenarios/oracle.jsonl` beside this file.
    static func read() throws -> Oracle {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scenarios/oracle.jsonl")
        var rows: [String: [String: String]] = [:]
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            let row = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
            rows["\(row["scenario"] ?? "")/\(row["check"] ?? "")"] = row
        }
        return Oracle(rows: rows)
    }

    /// What is said of a check, by key.
    subscript(_ scenario: String, _ check: String, _ key: String) -> String {
        get throws {
            try #require(
                rows.first { $0.key.hasPrefix("\(scenario)-") && $0.key.hasSuffix("/\(check)") }?.value[key],
                "the oracle says nothing of \(key) in \(check) of scenario \(scenario)")
        }
    }
}
