import DesiredState
import Foundation

/// How long ago something was, or how long it takes, in as few letters as tell it: `8s`, `4m`, `2h`, `3d`.
enum Age {
    /// How long ago a time of the API was; nil when there is none.
    static func since(_ time: JSONValue?, now: Date) -> String? {
        date(time).map { short(now.timeIntervalSince($0)) }
    }

    /// How long it is until a time of the API, `now` when it has come; nil when there is none.
    static func until(_ time: JSONValue?, now: Date) -> String? {
        date(time).map { $0 <= now ? "now" : "in \(short($0.timeIntervalSince(now)))" }
    }

    /// A time of the API.
    static func date(_ time: JSONValue?) -> Date? {
        guard let text = time?.string else { return nil }
        return (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
            ?? (try? Date.ISO8601FormatStyle().parse(text))
    }

    static func short(_ seconds: Double) -> String {
        let seconds = max(0, seconds)
        for (length, letter) in [(86_400.0, "d"), (3_600, "h"), (60, "m")] where seconds >= 2 * length {
            return "\(Int(seconds / length))\(letter)"
        }
        return "\(Int(seconds))s"
    }

    /// A duration of the API in seconds, to a tenth.
    static func seconds(_ value: JSONValue?) -> String? {
        let seconds: Double
        switch value {
        case .number(let number)?: seconds = number
        case .integer(let number)?: seconds = Double(number)
        default: return nil
        }
        let tenths = Int((seconds * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)s"
    }
}
