import Diagnostics

/// What an author allows a changeset to do, in its comment: `sluice:allow drop-column: nobody reads it since 2.4`.
///
/// Names of rules stand between commas, the reason behind a colon to the end of the line. A comment is no part of a
/// changeset's checksum, so an allowance can be added to a changeset that is deployed. It has the same form in every
/// format, and whoever reviews the change sees it.
public struct Allowance: Sendable, Hashable {
    static let word = "sluice:allow"

    /// The rules.
    public var rules: [String]
    /// Why, in the author's words.
    public var reason: String

    /// An allowance without a reason allows nothing.
    public var isValid: Bool { !reason.isEmpty && !rules.isEmpty }

    /// The allowances in a comment.
    public static func read(_ comment: String?) -> [Allowance] {
        guard let comment else { return [] }
        return comment.split(whereSeparator: \.isNewline).compactMap { line -> Allowance? in
            guard let range = line.exactRange(of: word) else { return nil }
            let parts = line[range.upperBound...].parts(at: ":", maxSplits: 1)
            let names = (parts.first ?? "").split { $0 == "," || $0.isWhitespace }.map(String.init)
            let reason = parts.dropFirst().first?.filter { !$0.isWhitespace } ?? ""
            return Allowance(rules: names, reason: reason.isEmpty ? "" : String(parts[1]))
        }
    }
}
