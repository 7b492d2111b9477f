import ArgumentParser
import DesiredState
import Diagnostics
import Foundation
import Logging
import Terminal

/// What log lines look like.
enum LogFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// For people: time, level, message, and what belongs to it.
    case text
    /// For programs: one JSON object a line.
    case json

    /// One event as a line, its end included.
    func line(_ event: LogEvent, _ metadata: Logger.Metadata, at time: Date) -> String {
        // An address in somebody's words may have a password in it. Secrets of our own are never handed to a logger.
        let scrubber = TextScrubber(limit: 4_000)
        let message = scrubber.scrub("\(event.message)")
        let time = time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        switch self {
        case .text:
            // A line break in somebody's words must not begin a line of its own, nor a blank a field.
            let words = metadata.sorted { $0.key < $1.key }.map {
                " \($0.key)=\(Self.word(scrubber.scrub("\($0.value)").oneLine))"
            }
            return "\(time) \(event.level.rawValue.uppercased()) \(message.oneLine)\(words.joined())\n"
        case .json:
            var members: [String: JSONValue] = [:]
            for (name, value) in metadata { members[name] = Self.json(value, scrubber) }
            members["time"] = .string(time)
            members["level"] = .string(event.level.rawValue)
            members["message"] = .string(message)
            return JSONValue.object(members).canonicalText + "\n"
        }
    }

    /// A value as it is, or in quotes where it would not be told from what stands beside it.
    private static func word(_ value: String) -> String {
        guard
            value.isEmpty
                || value.unicodeScalars.contains(where: {
                    $0.properties.isWhitespace || "=\"\\".unicodeScalars.contains($0)
                })
        else { return value }
        return "\"\(value.replacingAll("\\", with: "\\\\").replacingAll("\"", with: "\\\""))\""
    }

    private static func json(_ value: Logger.MetadataValue, _ scrubber: TextScrubber) -> JSONValue {
        switch value {
        case .string(let text): .string(scrubber.scrub(text))
        case .stringConvertible(let value): .string(scrubber.scrub(value.description))
        case .array(let values): .array(values.map { json($0, scrubber) })
        case .dictionary(let members): .object(members.mapValues { json($0, scrubber) })
        }
    }
}
