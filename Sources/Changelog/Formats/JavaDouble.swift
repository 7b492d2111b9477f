import Diagnostics

/// How Java writes a double: plain from 0.001 up to ten millions, with an exponent beyond, always with a decimal point.
enum JavaDouble {
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity" }
        let size = abs(value)
        guard value != 0, size < 1e-3 || size >= 1e7 else { return plain(value) }
        let (digits, exponent) = scientific(size)
        let fraction = digits.dropFirst()
        return (value < 0 ? "-" : "") + "\(digits.prefix(1)).\(fraction.isEmpty ? "0" : fraction)E\(exponent)"
    }

    private static func plain(_ value: Double) -> String {
        let text = value.description
        guard text.holds("e") else { return text }
        // 0.001 is the only power of ten in the plain range that Swift may write with an exponent.
        let (digits, exponent) = scientific(abs(value))
        return (value < 0 ? "-" : "") + "0." + String(repeating: "0", count: max(0, -exponent - 1)) + digits
    }

    /// The shortest significant digits, and the power of ten of the first one.
    private static func scientific(_ size: Double) -> (digits: String, exponent: Int) {
        let parts = size.description.words(at: "e")
        let mantissa = parts.first.map(String.init) ?? "0"
        let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let point = mantissa.parts(at: ".")
        let whole = point.first.map(String.init) ?? "0"
        let all = whole + (point.count > 1 ? String(point[1]) : "")
        let significant = all.drop { $0 == "0" }
        let leading = all.count - significant.count
        var digits = String(significant)
        while digits.count > 1, digits.ends(with: "0") { digits.removeLast() }
        return (digits, whole.count - 1 - leading + power)
    }
}
