import Crypto
public import DesiredState
import Diagnostics
import Foundation

/// An entry as it stands in the chain: numbered, dated, and bound to the one before it.
///
/// `body` is the text that was hashed, byte for byte; everything else is read out of it.
public struct AuditRecord: Hashable, Sendable, Identifiable {
    /// Its number: one more than the one before.
    public let id: Int64
    /// The canonical JSON of the entry.
    public let body: String
    /// The hash of the record before it; ``origin`` for the first.
    public let previous: String
    /// SHA-256 over `previous`, a newline and `body`, in hexadecimal digits.
    public let hash: String

    /// What stands before the first record.
    public static let origin = String(repeating: "0", count: 64)
    /// How long the arguments of a record may be, in bytes of JSON.
    public static let argumentsLimit = 16 << 10

    /// A record as it was stored.
    public init(id: Int64, body: String, previous: String, hash: String) {
        self.id = id
        self.body = body
        self.previous = previous
        self.hash = hash
    }

    /// The record that follows another.
    /// - Parameters:
    ///   - last: Number and hash of the one before; nil for the first.
    ///   - time: The database's time, as `2026-01-31T10:00:00.000000Z`.
    public init(_ entry: AuditEntry, after last: (id: Int64, hash: String)?, at time: String) {
        id = (last?.id ?? 0) + 1
        previous = last?.hash ?? Self.origin
        body = Self.body(entry, id: id, at: time).canonicalText
        hash = Self.hash(body, after: previous)
    }

    /// Whether the hash is that of the body and of the record before.
    public var isIntact: Bool { hash == Self.hash(body, after: previous) }

    /// The record as one document.
    public var document: JSONValue {
        let members = (try? JSONValue(parsing: body))?.object ?? [:]
        return .object(members.merging(["previous": .string(previous), "hash": .string(hash)]) { own, _ in own })
    }

    /// Reads what ``document`` wrote; nil when it is none.
    public init?(_ document: JSONValue) {
        guard var members = document.object, let id = members["id"]?.integer,
            let previous = members.removeValue(forKey: "previous")?.string,
            let hash = members.removeValue(forKey: "hash")?.string
        else { return nil }
        self.init(id: Int64(id), body: JSONValue.object(members).canonicalText, previous: previous, hash: hash)
    }

    private static func hash(_ body: String, after previous: String) -> String {
        SHA256.hash(data: Data("\(previous)\n\(body)".utf8)).hexadecimal
    }

    private static func body(_ entry: AuditEntry, id: Int64, at time: String) -> JSONValue {
        var key: ResourceKey?
        if case .resource(let named, _)? = entry.object { key = named }
        let arguments = entry.arguments.canonicalText.utf8.count <= argumentsLimit ? entry.arguments : ["cut": true]
        return [
            "id": .integer(Int(id)), "at": .string(time), "actor": .string(clean(entry.actor)),
            "proof": .string(entry.proof.rawValue), "credential": text(entry.credential),
            "attempt": text(entry.attempt),
            "onBehalfOf": text(entry.onBehalfOf.map { clean($0) }),
            "address": text(entry.address), "action": .string(clean(entry.action)),
            "verb": text(entry.verb?.rawValue),
            "kind": text(key.map { clean($0.kind, bytes: keyLimit) }),
            "name": text(key.map { clean($0.name, bytes: keyLimit) }),
            "arguments": clean(arguments), "outcome": .string(entry.outcome.rawValue), "code": text(entry.code),
            "request": .string(clean(entry.request)), "suppressed": .integer(entry.suppressed),
        ]
    }

    private static func clean(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .integer, .number: value
        // An address may have somebody's password in it.
        case .string(let text): .string(clean(TextScrubber(limit: 1_000).scrub(text)))
        case .array(let elements): .array(elements.map(clean))
        case .object(let members):
            .object(Dictionary(members.map { (clean($0), clean($1)) }) { first, _ in first })
        }
    }

    /// The most bytes of a kind or a name: both are in an index.
    private static let keyLimit = 500

    /// The text as PostgreSQL can keep it, and no longer than it need be.
    private static func clean(_ text: String, bytes limit: Int = 1_000) -> String {
        var kept = ""
        var size = 0
        for scalar in text.unicodeScalars {
            size += UTF8.width(scalar)
            guard size <= limit else { break }
            kept.unicodeScalars.append(scalar == "\0" ? "\u{FFFD}" : scalar)
        }
        return kept
    }

    private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}
