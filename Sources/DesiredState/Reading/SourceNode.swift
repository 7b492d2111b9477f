import Diagnostics

/// A node of a document that a user wrote, freed of its format: what the schemas read.
///
/// Trees of it are made by the composer, which holds the limits; whoever walks one may recurse.
struct SourceNode: Sendable {
    /// A key with its value.
    struct Member: Sendable {
        let key: String
        let keyLocation: SourceLocation
        let value: SourceNode
    }

    /// What stands at the place.
    enum Content: Sendable {
        /// Text without quotes, whose type its look decides.
        case plain(String)
        /// Text in quotes, in a block, or tagged as a string.
        case text(String)
        /// A list.
        case list([SourceNode])
        /// A mapping in the order of the text; no key stands twice.
        case mapping([Member])
    }

    let content: Content
    let location: SourceLocation

    /// The value of a key, when this is a mapping that has it.
    subscript(key: String) -> SourceNode? { member(key)?.value }

    /// The member of a key, when this is a mapping that has it.
    func member(_ key: String) -> Member? {
        if case .mapping(let members) = content { members.first { $0.key == key } } else { nil }
    }

    /// The node below a path of keys; where the path breaks off, the last node that is there.
    func deepest(_ path: String...) -> SourceNode {
        var node = self
        for key in path {
            guard let next = node[key] else { break }
            node = next
        }
        return node
    }

    /// What stands here, in a few words for a message. Never for nodes that may hold secrets.
    var summary: String {
        switch content {
        case .text(let text): "the text \(text.quotedForMessage)"
        case .list: "a list"
        case .mapping: "a mapping"
        case .plain(let text):
            switch PlainScalar(text) {
            case .null: "nothing"
            case .bool, .legacyBool: "the truth value \(text)"
            case .integer, .number, .ambiguousNumber: "the number \(text.shortenedForMessage)"
            case .date: "the date \(text.shortenedForMessage)"
            case .text: "the text \(text.quotedForMessage)"
            }
        }
    }
}

extension SourceNode {
    /// A JSON value as a document without lines, for reading back what was stored.
    init(_ value: JSONValue, location: SourceLocation) {
        let content: Content
        switch value {
        case .null: content = .plain("null")
        case .bool(let value): content = .plain(value ? "true" : "false")
        case .integer(let value): content = .plain(String(value))
        case .number(let value): content = .plain(String(value))
        case .string(let value): content = .text(value)
        case .array(let elements): content = .list(elements.map { SourceNode($0, location: location) })
        case .object(let members):
            let sorted = members.sorted { $0.key < $1.key }
            content = .mapping(
                sorted.map { key, value in
                    Member(key: key, keyLocation: location, value: SourceNode(value, location: location))
                })
        }
        self.init(content: content, location: location)
    }
}

extension String {
    /// At most forty characters, fit for a message.
    var shortenedForMessage: String { escaped(upTo: 40) }

    /// As ``shortenedForMessage``, in quotes.
    var quotedForMessage: String { "\"\(shortenedForMessage)\"" }
}
