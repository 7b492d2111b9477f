import Diagnostics
import PatchSeries

extension SpecFile {
    /// Puts an entry before those of `%changelog`; one that a macro makes is left alone.
    mutating func addEntry(_ entry: [String], release: String?, seconds: Int64) {
        guard let index = lines.firstIndex(where: { Self.firstWord(of: $0) == "%changelog" }) else { return }
        let following = lines[(index + 1)...].map(\.utf8Trimmed).filter { !$0.isEmpty }
        if following.first?.begins(with: "%autochangelog") == true { return }
        let version = lines[..<preambleEnd].first { isTag($0, "version") }.map(Self.value)
        let mark = [version, release].compactMap(\.self).joined(separator: "-")
        let newest = following.first { $0.begins(with: "*") }.flatMap(Self.seconds)
        let day = MailDate.day(min(max(seconds, newest ?? 0, Self.years.lowerBound), Self.years.upperBound))
        let head = "* \(day) Sluice <sluice@localhost>\(mark.isEmpty ? "" : " - \(mark)")"
        insert([head] + entry.map { "- \(Self.inert($0))" } + [""], at: index + 1)
    }

    /// The times, in seconds since 1970, that RPM takes for dates: from 1990 through 2999.
    private static let years: ClosedRange<Int64> = 631_152_000...32_503_679_999

    /// A text that RPM does not read as macros: a percent sign would begin one. A backslash would hide the first of two such
    /// signs where RPM looks for a macro's end.
    static func inert(_ text: String) -> String {
        let whole = text.holds("\\%") ? text.replacingAll("\\", with: "\\\\") : text
        return whole.replacingAll("%", with: "%%")
    }

    /// The least day, in seconds since 1970, that RPM does not take for one before an entry: `* Thu Jan 01 2026 Somebody`, or
    /// `* Thu Jan 01 12:00:00 UTC 2026 Somebody`. Nil when it has no date.
    static func seconds(of entry: Substring) -> Int64? {
        let words = entry.utf8.dropFirst().split(whereSeparator: \.isSpecBlank).prefix(6).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard words.count >= 4, let day = Int(words[2]) else { return nil }
        if let year = Int(words[3]) { return MailDate.seconds(year: year, month: words[1], day: day) }
        // With a time of a day in any zone it may be later than the noon for which a mere date stands.
        guard words.count == 6, let year = Int(words[5]) else { return nil }
        return MailDate.seconds(year: year, month: words[1], day: day).map { $0 + 86_400 }
    }
}
