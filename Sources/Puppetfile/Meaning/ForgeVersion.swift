import Diagnostics

/// Versions as the Forge has them: Semantic Versioning 2.0.0.
enum ForgeVersion {
    /// Whether a text is one version, and no range of them.
    static func isValid(_ text: String) -> Bool {
        var rest = Substring(text)
        var build: Substring?
        if let plus = rest.unicodeScalars.firstIndex(of: "+") {
            (rest, build) = (rest[..<plus], rest[rest.index(after: plus)...])
        }
        var prerelease: Substring?
        if let dash = rest.unicodeScalars.firstIndex(of: "-") {
            (rest, prerelease) = (rest[..<dash], rest[rest.index(after: dash)...])
        }
        let numbers = rest.parts(at: ".")
        guard numbers.count == 3, numbers.allSatisfy(isNumber) else { return false }
        return (prerelease.map { areIdentifiers($0, inPrerelease: true) } ?? true)
            && (build.map { areIdentifiers($0, inPrerelease: false) } ?? true)
    }

    private static func areIdentifiers(_ text: Substring, inPrerelease: Bool) -> Bool {
        text.parts(at: ".").allSatisfy { part in
            guard !part.isEmpty, part.utf8.allSatisfy({ isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "-") }) else {
                return false
            }
            return !(inPrerelease && part.utf8.allSatisfy(isDigit)) || isNumber(part)
        }
    }

    private static func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isDigit) && (text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0"))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    private static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }
}
