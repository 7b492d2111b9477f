import Crypto
import Diagnostics
import Foundation

/// How far a changeset has come that is no transaction: one line of text in a row of the lock's table.
///
/// Liquibase reads the row with the number 1 only, so nothing of our own has to be created in the database.
struct JournalEntry: Sendable, Hashable {
    /// What is known of the statement behind those that are applied.
    enum State: Sendable, Hashable {
        /// It has not been sent.
        case applied
        /// It has been sent. Whether it took effect is not known, unless somebody looks.
        case intent
        /// It failed, with the server's code; what it left behind, such as an invalid index, may still be there.
        case failed(String)
    }

    /// The changeset, by a digest of its identity.
    var key: String
    /// How many statements are applied.
    var applied: Int
    /// How many there are.
    var count: Int
    /// What is known of the next one.
    var state: State
    /// The digest of the applied statements.
    var head: String
    /// The digest of the next one; `-` when there is none.
    var next: String
    /// The beginning of the identity, for people.
    var label: String

    /// The entry behind the first `applied` statements.
    init(_ identity: ChangeSet.Identity, _ statements: [SQLStatement], applied: Int, state: State) {
        key = Self.key(of: identity)
        self.applied = applied
        count = statements.count
        self.state = state
        head = Self.digest(statements.prefix(applied))
        next = statements.indices.contains(applied) ? Self.digest(statements[applied...].prefix(1)) : "-"
        label = identity.description
    }

    /// Reads the text of a row; nil when it is none of ours.
    init?(_ text: String) {
        let words = text.parts(at: " ", maxSplits: 8).map(String.init)
        guard words.count == 9, words[0...2].elementsEqual(["sluice", "journal", "v1"]) else { return nil }
        let counts = words[4].words(at: "/").compactMap { Int($0) }
        guard counts.count == 2, counts[0] >= 0, counts[0] <= counts[1] else { return nil }
        switch words[5] {
        case "applied": state = .applied
        case "intent": state = .intent
        case let word where word.begins(with: "failed:"): state = .failed(String(word.rest(after: "failed:") ?? ""))
        default: return nil
        }
        key = words[3]
        applied = counts[0]
        count = counts[1]
        head = words[6]
        next = words[7]
        label = words[8]
    }

    /// The text of the row, which has room for 255 characters.
    var text: String {
        let word =
            switch state {
            case .applied: "applied"
            case .intent: "intent"
            case .failed(let code): "failed:\(code.isEmpty ? "?" : code)"
            }
        let text = "\(Self.prefix(of: key))\(applied)/\(count) \(word) \(head) \(next) "
        let label = label.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }
        return text + String(String.UnicodeScalarView(label.prefix(max(0, 255 - text.unicodeScalars.count))))
    }

    /// How the row of a changeset begins.
    static func prefix(of key: String) -> String { "sluice journal v1 \(key) " }

    /// The digest of an identity.
    static func key(of identity: ChangeSet.Identity) -> String {
        let identity = Books.key(identity)
        return hex([identity.path, identity.id, identity.author], length: 24)
    }

    /// The digest of statements, in order.
    static func digest(_ statements: some Sequence<SQLStatement>) -> String {
        hex(statements.map(\.text), length: 16)
    }

    private static func hex(_ texts: [String], length: Int) -> String {
        var hash = SHA256()
        for text in texts { hash.update(data: Data("\(text.utf8.count):\(text)".utf8)) }
        return String(hash.finalize().hexadecimal.prefix(length))
    }
}
