import Diagnostics

/// The numbers of YAML 1.1.
enum YAMLNumber {
    /// The decimal digits of an integer in base 2, 8, 10, 16 or 60; nil when the text is none.
    static func integer(_ text: String) -> String? {
        let (sign, digits) = split(text)
        guard let first = digits.first, first.isASCII, first.isNumber else { return nil }
        let plain = String(digits.filter { $0 != "_" })
        if digits == "0" { return "0" }
        if digits.begins(with: "0b") { return radix(plain.dropFirst(2), 2, sign) }
        if digits.begins(with: "0x") { return radix(plain.dropFirst(2), 16, sign) }
        if first == "0" { return radix(plain.dropFirst(), 8, sign) }
        if digits.holds(":") { return sexagesimal(plain, sign) }
        guard plain.utf8.allSatisfy(isDigit) else { return nil }
        return sign + plain
    }

    /// A floating point number; nil when the text is none.
    static func float(_ text: String) -> Double? {
        let (_, digits) = split(text)
        guard let first = digits.utf8.first, isDigit(first) || first == UInt8(ascii: ".") else { return nil }
        guard digits.utf8.contains(where: isDigit), digits.contains(where: { ".eE".contains($0) }) else { return nil }
        let plain = text.replacingAll("_", with: "")
        guard plain.utf8.allSatisfy({ isDigit($0) || "+-.eE".utf8.contains($0) }) else { return nil }
        // A point at the end is a number in YAML and none in Swift.
        return Double(plain.ends(with: ".") ? plain + "0" : plain.replacingAll(".e", with: ".0e"))
    }

    private static func split(_ text: String) -> (sign: String, digits: Substring) {
        switch text.first {
        case "-": ("-", text.dropFirst())
        case "+": ("", text.dropFirst())
        default: ("", text[...])
        }
    }

    private static func radix(_ digits: Substring, _ radix: Int, _ sign: String) -> String? {
        // What does not fit 64 bits is no id, no number of rows and no default that anyone writes in base 2, 8 or 16.
        guard let value = UInt64(digits, radix: radix) else { return nil }
        return value == 0 ? "0" : sign + String(value)
    }

    private static func sexagesimal(_ digits: String, _ sign: String) -> String? {
        var total = 0
        for (index, part) in digits.parts(at: ":").enumerated() {
            guard let value = Int(part), value >= 0, index == 0 || (value < 60 && part.count <= 2) else { return nil }
            let (product, overflow) = total.multipliedReportingOverflow(by: 60)
            guard !overflow, product <= Int.max - value else { return nil }
            total = product + value
        }
        return sign + String(total)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
