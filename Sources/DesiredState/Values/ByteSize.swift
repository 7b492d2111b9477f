/// Numbers of bytes as desired state writes them: a whole number with a unit, as in `512MiB` or `2GB`.
public enum ByteSize {
    /// The units, smallest first of each family: powers of 1024 and powers of 1000.
    static let units = ["B", "KiB", "MiB", "GiB", "TiB", "KB", "MB", "GB", "TB"]
    private static let factors = [
        "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
        "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
    ]

    /// Reads a number of bytes; nil when the text is none or names more than 64 bits hold.
    public static func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard text.utf8.count <= 40, let count = Int(digits), let factor = factors[String(text.dropFirst(digits.count))]
        else { return nil }
        let (size, overflow) = count.multipliedReportingOverflow(by: factor)
        return overflow ? nil : size
    }

    /// Writes a number of bytes in the largest unit that divides it.
    public static func format(_ size: Int) -> String {
        guard size > 0 else { return "0B" }
        let largest = factors.filter { size.isMultiple(of: $0.value) }.max { $0.value < $1.value }
        guard let (unit, factor) = largest else { return "\(size)B" }
        return "\(size / factor)\(unit)"
    }
}
