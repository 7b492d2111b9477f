import Diagnostics

/// Turns the bytes of a file into text: UTF-8, or UTF-16 with its mark. Anything else is refused where it stands.
enum SourceText {
    static func decode(_ bytes: [UInt8], file: String, into findings: inout Findings) -> String? {
        if bytes.starts(with: [0xFF, 0xFE]) {
            return utf16(bytes.dropFirst(2), file: file, into: &findings) { UInt16($0) | UInt16($1) << 8 }
        }
        if bytes.starts(with: [0xFE, 0xFF]) {
            return utf16(bytes.dropFirst(2), file: file, into: &findings) { UInt16($0) << 8 | UInt16($1) }
        }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        guard let text = String(validating: body, as: UTF8.self) else {
            findings.error(
                "changelog.encoding", at: firstInvalid(body, file: file), "the file is not valid UTF-8",
                hint: "save it as UTF-8")
            return nil
        }
        if let index = body.firstIndex(of: 0) {
            findings.error(
                "changelog.nul", at: location(of: index, in: body, file: file), "the text holds a NUL character")
            return nil
        }
        return text
    }

    private static func utf16(
        _ bytes: ArraySlice<UInt8>, file: String, into findings: inout Findings, _ unit: (UInt8, UInt8) -> UInt16
    ) -> String? {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var iterator = bytes.makeIterator()
        while let first = iterator.next(), let second = iterator.next() { units.append(unit(first, second)) }
        guard bytes.count.isMultiple(of: 2), !units.contains(0),
            let text = String(validating: units, as: UTF16.self)
        else {
            findings.error(
                "changelog.encoding", at: SourceLocation(file: file), "the file is not valid UTF-16",
                hint: "save it as UTF-8")
            return nil
        }
        return text
    }

    /// The place of the first byte that ends no valid character. Found by halving: a prefix is valid or not.
    private static func firstInvalid(_ bytes: ArraySlice<UInt8>, file: String) -> SourceLocation {
        var line = bytes.startIndex
        while let end = bytes[line...].firstIndex(of: 0x0A), String(validating: bytes[line..<end], as: UTF8.self) != nil
        {
            line = end + 1
        }
        return location(of: line, in: bytes, file: file)
    }

    private static func location(of index: Int, in bytes: ArraySlice<UInt8>, file: String) -> SourceLocation {
        let before = bytes[..<index]
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? before.startIndex
        return SourceLocation(
            file: file, line: before.count { $0 == 0x0A } + 1,
            column: String(decoding: before[start...], as: UTF8.self).count + 1)
    }
}
