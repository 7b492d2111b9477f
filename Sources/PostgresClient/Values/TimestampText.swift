import Foundation

/// `timestamptz` in ISO text, `2026-11-20 14:03:07.123456+02`, without Foundation's formatters and their locales.
enum TimestampText {
    /// The instant in UTC, to the microsecond.
    static func format(_ date: Date) -> String {
        let interval = date.timeIntervalSince1970
        // Beyond the years 1 to 9999 PostgreSQL's own words for the ends of time are the nearest.
        guard interval >= -62_135_596_800 else { return "-infinity" }
        guard interval < 253_402_300_800 else { return "infinity" }
        let microseconds = Int64((interval * 1_000_000).rounded())
        let (seconds, fraction) = microseconds.dividedFloor(by: 1_000_000)
        let (days, second) = seconds.dividedFloor(by: 86_400)
        let (year, month, day) = civil(fromDays: days)
        let time = [second / 3600, second / 60 % 60, second % 60].map { pad($0, 2) }.joined(separator: ":")
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2)) \(time).\(pad(fraction, 6))+00"
    }

    /// The instant a text means; nil when it is no finite instant with an offset from UTC.
    static func parse(_ text: String) -> Date? {
        var cursor = Cursor(rest: text.utf8[...])
        guard let year = cursor.number(digits: 4...6), cursor.take("-"), let month = cursor.number(digits: 2...2),
            cursor.take("-"), let day = cursor.number(digits: 2...2), cursor.take(" "),
            let hour = cursor.number(digits: 2...2), cursor.take(":"), let minute = cursor.number(digits: 2...2),
            cursor.take(":"), let second = cursor.number(digits: 2...2), let microsecond = cursor.fraction(),
            let offset = cursor.offset(), cursor.rest.isEmpty
        else { return nil }
        let seconds = days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Date(timeIntervalSince1970: Double(seconds) + Double(microsecond) / 1_000_000)
    }

    /// Days since 1970-01-01 of a date of the proleptic Gregorian calendar, by Hinnant's algorithm.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = year.dividedFloor(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).dividedFloor(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let index = (5 * dayOfYear + 2) / 153
        let month = index < 10 ? index + 3 : index - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * index + 2) / 5 + 1)
    }

    private static func pad(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// Reads a timestamp from left to right.
private struct Cursor {
    var rest: Substring.UTF8View

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard let byte = rest.first, UInt32(byte) == mark.value else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(digits: ClosedRange<Int>) -> Int64? {
        let word = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard digits.contains(word.count) else { return nil }
        rest = rest[word.endIndex...]
        return word.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    /// Microseconds, which may be missing.
    mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        let before = rest.count
        guard let number = number(digits: 1...6) else { return nil }
        return (0..<(6 - (before - rest.count))).reduce(number) { value, _ in value * 10 }
    }

    /// Seconds east of Greenwich: `+02`, `-03:30`, `+00:53:28`.
    mutating func offset() -> Int64? {
        let isWest = rest.first == UInt8(ascii: "-")
        guard take("+") || take("-"), var seconds = number(digits: 2...2).map({ $0 * 3600 }) else { return nil }
        for unit: Int64 in [60, 1] where take(":") {
            guard let number = number(digits: 2...2) else { return nil }
            seconds += number * unit
        }
        return isWest ? -seconds : seconds
    }
}

extension Int64 {
    /// The quotient rounded down and the remainder, which is never negative.
    fileprivate func dividedFloor(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
