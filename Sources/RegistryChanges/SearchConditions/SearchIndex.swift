import Changelog

/// The index that a kind of search needs.
struct SearchIndex {
    var table: String
    var column: String
    var searched: SearchColumn

    /// The statement; nil, with a finding, when there is no such index.
    func statement(_ decoder: inout ChangeDecoder) -> SQLStatement? {
        let name = "ix_\(table)__\(column)"
        let kind = searched.searchType?.lowercased() ?? ""
        let key: String
        switch kind {
        case "contains":
            return "CREATE INDEX IF NOT EXISTS \(name) ON \(table) USING GIN (\(column) gin_trgm_ops)"
        case "startswith", "startswitharray":
            guard let operators = Self.patternOperators(searched.type) else {
                decoder.report(
                    "an index for '\(searched.searchType ?? "")' on \(table).\(column) needs the type text, varchar or "
                        + "char without a length, not \(searched.type ?? "one that the changelog does not say")",
                    hint:
                        "createTable and addColumn of the changelog say the type; otherwise write 'type' on the column")
                return nil
            }
            key = "\(column) \(operators)"
        default: key = searched.isComparedAsText ? "lower(cast(\(column) as varchar))" : column
        }
        return "CREATE INDEX IF NOT EXISTS \(name) ON \(table)(\(key))"
    }

    /// The operator class for patterns that begin with a text.
    static func patternOperators(_ type: String?) -> String? {
        switch type?.lowercased() {
        case "text": "text_pattern_ops"
        case "varchar": "varchar_pattern_ops"
        case "char", "bpchar": "bpchar_pattern_ops"
        default: nil
        }
    }
}

extension SearchColumn {
    /// Whether services compare the column in lower case.
    var isComparedAsText: Bool {
        ["equal", "in", "between", "notIn", "notEqual"].contains(searchType)
            && ["text", "dn_edrpou", "dn_passport_num"].contains(type?.lowercased())
    }
}
