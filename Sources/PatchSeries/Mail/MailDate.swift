/// A time as mails write it: `Fri, 2 Jan 2026 03:04:05 +0800`.
package enum MailDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    /// The last second of the year 9999. What a commit claims beyond is cut.
    private static let latest: Int64 = 253_402_300_799

    /// - Parameters:
    ///   - seconds: Since 1970, in UTC.
    ///   - offset: How far the author's clock was ahead of UTC, in minutes.
    static func text(_ seconds: Int64, offset: Int) -> String {
        let offset = min(max(offset, -14 * 60), 14 * 60)
        let local = min(max(seconds, 0), latest) + Int64(offset) * 60
        let day = local < 0 ? -1 : Int(local / 86_400)
        let second = Int(local) - day * 86_400
        let date = civil(day)
        let weekday = days[(day % 7 + 7) % 7]
        let time = [second / 3600, second / 60 % 60, second % 60].map(padded).joined(separator: ":")
        let zone = "\(offset < 0 ? "-" : "+")\(padded(abs(offset) / 60))\(padded(abs(offset) % 60))"
        return "\(weekday), \(date.day) \(months[date.month - 1]) \(date.year) \(time) \(zone)"
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// A day as changelogs of packages write it: `Fri Jan 02 2026`.
    package static func day(_ seconds: Int64) -> String {
        let day = Int(min(max(seconds, 0), latest) / 86_400)
        let date = civil(day)
        return "\(days[day % 7]) \(months[date.month - 1]) \(padded(date.day)) \(date.year)"
    }

    /// The first second of a day, in UTC; nil when there is no such day.
    /// - Parameter month: Its name in three letters, as ``day(_:)`` writes it.
    package static func seconds(year: Int, month: String, day: Int) -> Int64? {
        guard let index = months.firstIndex(of: month), (1970...9999).contains(year), (1...31).contains(day) else {
            return nil
        }
        // Years begin in March here, as in what this is the way back of; there are no eras to heed before 1970.
        let shifted = index < 2 ? year - 1 : year
        let dayOfYear = (153 * ((index + 10) % 12) + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        let found = civil(days)
        return found == (year, index + 1, day) ? Int64(days) * 86_400 : nil
    }

    /// The date of a day since 1970, in eras of 400 years that begin in March.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let civilMonth = month < 10 ? month + 3 : month - 9
        let year = yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0)
        return (year, civilMonth, dayOfYear - (153 * month + 2) / 5 + 1)
    }
}
