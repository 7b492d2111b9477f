public import Foundation

/// What a host says of the token that we come with. The token itself is in none of it.
public struct ForgeToken: Hashable, Sendable {
    /// When it ends by itself.
    public enum End: Hashable, Sendable {
        /// It does not.
        case never
        /// It is not accepted from this time on.
        case at(Date)
        /// The host does not say, or says what makes no sense.
        case untold
    }

    /// What people call it, one line of at most 80 characters; nil where it has no name.
    public let name: String?
    /// What it is for, in the host's words, each of at most 64 letters, digits and `_:./-`; nil when they are not told.
    public let scopes: [String]?
    /// When it ends.
    public let end: End
    /// Whether the host still takes it.
    public let isActive: Bool
    /// The scope that each right takes and that is not there; empty when the scopes are not told.
    public let missing: [ProjectRight: String]
    /// Where a new one is made: an address, or a page's name.
    public let place: String

    /// Makes a token of a stranger's words.
    /// - Parameters:
    ///   - shown: Takes out of a text what must not be seen.
    ///   - lacks: Which scope is missing for which right.
    init(
        name: String? = nil, scopes: [String]? = nil, end: End, isActive: Bool = true, place: String,
        shown: (String) -> String, lacks: (Set<String>) -> [ProjectRight: String]
    ) {
        let name = name.map { SingleLine.of(shown($0), limit: 80) }
        let scopes = Self.words(scopes, shown)
        self.name = name?.isEmpty == true ? nil : name
        self.scopes = scopes
        self.end = end
        self.isActive = isActive
        self.missing = scopes.map { lacks(Set($0)) } ?? [:]
        self.place = place
    }

    /// More than any host has.
    private static let mostScopes = 100

    /// The words that can be scopes, each once. A list that is none of scopes tells nothing.
    private static func words(_ texts: [String]?, _ shown: (String) -> String) -> [String]? {
        guard let texts, texts.count <= mostScopes else { return nil }
        var known: Set<String> = []
        let words = texts.filter { isWord($0) && shown($0) == $0 && known.insert($0).inserted }
        return words.isEmpty ? nil : words
    }

    private static func isWord(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "."),
                    UInt8(ascii: "/"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
