extension Checksum {
    /// The checksum of a view or procedure: of its fields, and of its text apart.
    ///
    /// In version 8 a text that stood in the changelog was a field like any other, and so was where a file's came from.
    static func of(
        _ record: ChangeRecord, text: String, field: String, isFromFile: Bool, version: Version
    ) -> Checksum {
        guard version <= .v8 else {
            return of(
                "\(of(record.serialized, version: version)):\(of(sql: text.utf8, version: version))", version: version)
        }
        guard isFromFile else {
            return of(record.countingEverything([field: text.trimmingSpace]).serialized, version: version)
        }
        let fields = of(record.countingEverything([:]).serialized, version: version)
        let splitter = StatementSplitter(splits: false, delimiter: ";")
        return of("\(fields):\(of(sql: text, splitter, version: version))", version: version)
    }

    /// The checksum of SQL text as a version of Liquibase makes it.
    ///
    /// Today white space does not count at all. Before, a run of it counted as one space, and how the text is cut into
    /// statements counted too.
    static func of(sql text: String, _ splitter: StatementSplitter, version: Version) -> Checksum {
        guard version <= .v8 else { return of(sql: text.utf8, version: version) }
        let header = "\(splitter.delimiter ?? "null"):\(splitter.splits):\(splitter.stripsComments):"
        var bytes = Array(header.utf8)
        var needsSpace = false
        var hasText = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: " ") || (0x09...0x0A).contains(byte) || byte == 0x0D {
                needsSpace = hasText
                continue
            }
            if needsSpace { bytes.append(UInt8(ascii: " ")) }
            needsSpace = false
            hasText = true
            bytes.append(byte)
        }
        return of(bytes: bytes, version: version)
    }
}
