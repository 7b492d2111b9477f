/// Dates of YAML 1.1, as Liquibase turns them into text on a machine whose clock is set to UTC.
enum YAMLTimestamp {
    /// `2001-02-03` and times with an offset become Java's `Sat Feb 03 00:00:00 UTC 2001`; times without one are
    /// written as `2001-02-03 04:05:06`. Nil when the text is no timestamp.
    static func text(_ text: String) -> String? {
        let pattern =
            /([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]*)?(?:[ \t]*(?:(Z)|([-+])([0-9]{1,2})(?::([0-9]{2}))?))?)?/
        guard text.utf8.count <= 64, let match = text.wholeMatch(of: pattern)?.output,
            let year = Int(match.1), let month = Int(match.2), let day = Int(match.3), (1...12).contains(month),
            (1...31).contains(day)
        else { return nil }
        let days = daysSinceEpoch(year: year, month: month, day: day)
        guard let hour = match.4.flatMap({ Int($0) }), let minute = match.5.flatMap({ Int($0) }),
            let second = match.6.flatMap({ Int($0) })
        else {
            // A date alone must have two digits for month and day.
            return text.utf8.count == 10 ? javaDate(seconds: days * 86_400) : nil
        }
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second
        guard let sign = match.8, let hours = match.9.flatMap({ Int($0) }) else { return sortable(seconds: seconds) }
        let offset = hours * 3600 + (match.10.flatMap { Int($0) } ?? 0) * 60
        return javaDate(seconds: seconds - (sign == "-" ? -offset : offset))
    }

    private static func javaDate(seconds: Int) -> String {
        let (date, time) = parts(seconds)
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][modulo(floorDivide(seconds, 86_400), 7)]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(weekday) \(months[date.month - 1]) \(padded(date.day)) \(time) UTC \(padded(date.year, 4))"
    }

    private static func sortable(seconds: Int) -> String {
        let (date, time) = parts(seconds)
        return "\(padded(date.year, 4))-\(padded(date.month))-\(padded(date.day)) \(time)"
    }

    private static func parts(_ seconds: Int) -> (date: (year: Int, month: Int, day: Int), time: String) {
        let second = modulo(seconds, 86_400)
        let time = "\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
        return (civil(daysSinceEpoch: floorDivide(seconds, 86_400)), time)
    }

    private static func padded(_ value: Int, _ width: Int = 2) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func floorDivide(_ value: Int, _ by: Int) -> Int { (value - modulo(value, by)) / by }

    private static func modulo(_ value: Int, _ by: Int) -> Int { ((value % by) + by) % by }

    /// Days from 1970-01-01 in the Gregorian calendar; years begin in March so that the leap day comes last.
    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = floorDivide(year, 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let yearOfEra = year - era * 400
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(daysSinceEpoch days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = (monthFromMarch + 2) % 12 + 1
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}
