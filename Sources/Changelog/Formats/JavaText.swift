/// The few notions of text that Liquibase takes from Java and that decide what stands in the books.
extension StringProtocol {
    /// Without control characters and blanks at both ends: everything up to U+0020, and nothing beyond, is blank.
    var javaTrimmed: String {
        let scalars = unicodeScalars
        guard let start = scalars.firstIndex(where: { $0.value > 0x20 }),
            let end = scalars.lastIndex(where: { $0.value > 0x20 })
        else { return "" }
        return String(self[start...end])
    }

    /// Trimmed, and nil when nothing is left.
    var javaTrimmedToNil: String? {
        let trimmed = javaTrimmed
        return trimmed.isEmpty ? nil : trimmed
    }

    /// `true` in any case of letters; everything else is false and never an error.
    var javaBoolean: Bool { lowercased() == "true" }
}
