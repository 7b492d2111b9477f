import Diagnostics
import Foundation

/// The records of a world as JSON files below one directory:
///
///     accounts.json
///     projects/<id>/project.json
///     projects/<id>/{candidates,issues}/<number>.json
///     projects/<id>/{statuses,checks}.json
///     repositories/<path>.git
///
/// Every file is replaced as a whole, so a double that was killed starts again from what it last answered.
struct WorldFiles: Sendable {
    let directory: String

    func write(_ value: some Encodable, to name: String) throws {
        let url = URL(filePath: "\(directory)/\(name).json")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        encoder.dateEncodingStrategy = .secondsSince1970
        try encoder.encode(value).write(to: url, options: .atomic)
    }

    func read<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value? {
        let url = URL(filePath: "\(directory)/\(name).json")
        guard FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) else { return nil }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        return try decoder.decode(Value.self, from: Data(contentsOf: url))
    }

    /// The names of the records in a folder, in numeric order.
    func names(in folder: String) -> [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/\(folder)")) ?? []
        return entries.map { $0.ends(with: ".json") ? String($0.dropLast(5)) : $0 }.filter { Int($0) != nil }.sorted {
            Int($0) ?? 0 < Int($1) ?? 0
        }
    }
}
