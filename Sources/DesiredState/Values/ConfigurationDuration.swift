/// Lengths of time as desired state writes them: whole numbers with units, largest first, as in `90s`, `1h30m`, `500ms`.
public enum ConfigurationDuration {
    /// The units, smallest first.
    static let units = ["ms", "s", "m", "h", "d"]
    private static let milliseconds = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]

    /// Reads a length of time; nil when the text is none. No unit may stand twice or after a smaller one.
    public static func parse(_ text: String) -> Duration? {
        var rest = text[...]
        var total = 0
        var last = Int.max
        guard !rest.isEmpty, text.utf8.count <= 40 else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let count = Int(digits), let factor = milliseconds[String(unit)], factor < last else { return nil }
            last = factor
            let (part, overflow) = count.multipliedReportingOverflow(by: factor)
            let (sum, carry) = total.addingReportingOverflow(part)
            guard !overflow, !carry else { return nil }
            total = sum
        }
        return .milliseconds(total)
    }

    /// Writes a length of time so that ``parse(_:)`` reads it back; what is less than a millisecond is dropped.
    public static func format(_ duration: Duration) -> String {
        let parts = duration.components
        var rest = parts.seconds.multipliedReportingOverflow(by: 1000).partialValue
        rest += parts.attoseconds / 1_000_000_000_000_000
        guard rest > 0 else { return "0s" }
        var text = ""
        for unit in units.reversed() {
            guard let factor = milliseconds[unit].map(Int64.init) else { continue }
            let (count, remainder) = rest.quotientAndRemainder(dividingBy: factor)
            if count > 0 { text += "\(count)\(unit)" }
            rest = remainder
        }
        return text
    }
}
