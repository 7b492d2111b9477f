import Diagnostics
public import Foundation

/// The time in which a release may be merged, from when it opens until just before it closes.
public struct ReleaseWindow: Hashable, Sendable {
    /// When it opens.
    public let opens: Date
    /// When it closes.
    public let closes: Date
    /// The time zone in which both are written, by its IANA name.
    public let timeZone: String

    /// Makes a window.
    public init(opens: Date, closes: Date, timeZone: String = "UTC") {
        self.opens = opens
        self.closes = closes
        self.timeZone = timeZone
    }

    /// How long it is open.
    public var length: Duration { .seconds(closes.timeIntervalSince(opens)) }

    /// Whether it is open at a time.
    public func contains(_ time: Date) -> Bool { opens <= time && time < closes }

    /// A time as people at the place read it: `2026-02-11T20:00`.
    public func local(_ time: Date) -> String {
        LocalTime(time, in: TimeZone(identifier: timeZone) ?? .gmt).description
    }
}

extension ReleaseWindow: CustomStringConvertible {
    /// `2026-02-11T20:00 to 2026-02-11T23:00 Europe/Berlin`.
    public var description: String { "\(local(opens)) to \(local(closes)) \(timeZone)" }
}

extension ReleaseWindow {
    private struct Written: Sendable {
        let opens: LocalTime
        let closes: LocalTime
        let timeZone: String
    }

    static let schema = Schema<Written>.object(
        .required("opens", \.opens, LocalTime.schema, "When it opens, as 2026-02-11T20:00 of the time zone."),
        .required("closes", \.closes, LocalTime.schema, "When it closes, as 2026-02-11T23:00 of the time zone."),
        .defaulted("timeZone", \.timeZone, .timeZone, to: "UTC", "The time zone by its IANA name."),
        make: Written.init
    ).map(
        into: { written, node, findings -> ReleaseWindow? in
            let zone = TimeZone(identifier: written.timeZone) ?? .gmt
            var times: [Date] = []
            for (key, time) in [("opens", written.opens), ("closes", written.closes)] {
                guard let date = time.date(in: zone) else {
                    findings.within(.key(key)) {
                        $0.report(
                            .invalidValue, at: node.deepest(key).location,
                            "there is no \(time) in \(written.timeZone)",
                            hint: "clocks are put forward over it, or the day does not exist")
                    }
                    continue
                }
                times.append(date)
            }
            guard let opens = times.first, let closes = times.last, times.count == 2 else { return nil }
            guard opens < closes else {
                findings.within(.key("closes")) {
                    $0.report(.invalidValue, at: node.deepest("closes").location, "the window closes before it opens")
                }
                return nil
            }
            return ReleaseWindow(opens: opens, closes: closes, timeZone: written.timeZone)
        },
        from: { window in
            let zone = TimeZone(identifier: window.timeZone) ?? .gmt
            return Written(
                opens: LocalTime(window.opens, in: zone), closes: LocalTime(window.closes, in: zone),
                timeZone: window.timeZone)
        })
}

/// A time on a clock on the wall, to the minute.
struct LocalTime: Hashable, Sendable, CustomStringConvertible {
    private let year: Int
    private let month: Int
    private let day: Int
    private let hour: Int
    private let minute: Int

    /// Reads `2026-02-11T20:00`; nil for anything else.
    init?(_ text: String) {
        guard let match = text.wholeMatch(of: /([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})/),
            let year = Int(match.1), let month = Int(match.2), let day = Int(match.3), let hour = Int(match.4),
            let minute = Int(match.5)
        else { return nil }
        (self.year, self.month, self.day, self.hour, self.minute) = (year, month, day, hour, minute)
    }

    /// What the clock shows at a time.
    init(_ date: Date, in zone: TimeZone) {
        let parts = Self.calendar(zone).dateComponents([.year, .month, .day, .hour, .minute], from: date)
        year = parts.year ?? 0
        month = parts.month ?? 0
        day = parts.day ?? 0
        hour = parts.hour ?? 0
        minute = parts.minute ?? 0
    }

    /// When the clock shows it, the first time when it does twice; nil when it never does.
    func date(in zone: TimeZone) -> Date? {
        let parts = DateComponents(year: year, month: month, day: day, hour: hour, minute: minute)
        guard let date = Self.calendar(zone).date(from: parts), LocalTime(date, in: zone) == self else { return nil }
        return date
    }

    var description: String {
        func digits(_ value: Int, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))T\(digits(hour, 2)):\(digits(minute, 2))"
    }

    private static func calendar(_ zone: TimeZone) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar
    }

    static let schema = Schema<LocalTime>(
        description: ["type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$"],
        read: { node, findings in
            let text: String? =
                switch node.content {
                case .plain(let text), .text(let text): text
                case .list, .mapping: nil
                }
            if let time = text.flatMap({ LocalTime($0) }) { return time }
            findings.report(
                .wrongType, at: node.location,
                "expected a time on the clock such as 2026-02-11T20:00, found \(node.summary)",
                hint: "write no offset here: spec.window.timeZone says where the clock hangs")
            return nil
        },
        write: { .string($0.description) })
}
