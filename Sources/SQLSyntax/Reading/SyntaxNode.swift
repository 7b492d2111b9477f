/// A value of the parser's answer. What is missing, or nested too deep to matter, is ``absent``; asking it for
/// something gives nothing.
indirect enum SyntaxNode {
    case absent
    case flag(Bool)
    case number(Int)
    case text(String)
    case list([SyntaxNode])
    case object([String: SyntaxNode])

    subscript(key: String) -> SyntaxNode {
        guard case .object(let fields) = self else { return .absent }
        return fields[key] ?? .absent
    }

    var items: [SyntaxNode] {
        guard case .list(let items) = self else { return [] }
        return items
    }

    var string: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    var integer: Int? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    /// The parser leaves out what is false.
    var isTrue: Bool {
        guard case .flag(let flag) = self else { return false }
        return flag
    }

    var isPresent: Bool {
        guard case .absent = self else { return true }
        return false
    }

    /// The one entry of an object that only says which kind of node it holds: `{"ColumnRef": {…}}`.
    var wrapped: (kind: String, node: SyntaxNode)? {
        guard case .object(let fields) = self, fields.count == 1, let only = fields.first else { return nil }
        return (only.key, only.value)
    }

    /// The texts of a list of `String` nodes, such as the parts of a name.
    var names: [String] { items.compactMap { $0["String"]["sval"].string } }
}
