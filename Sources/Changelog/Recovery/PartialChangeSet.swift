public import Diagnostics

/// A changeset that is applied in part: which can be only one that is no transaction.
public struct PartialChangeSet: Sendable {
    /// How a statement stands.
    public enum State: String, Sendable, Hashable {
        case applied, failed, unknown
        case notRun = "not run"
    }

    /// One of its statements.
    public struct Part: Sendable {
        /// How it stands.
        public let state: State
        /// Where it stands in the author's file.
        public let location: SourceLocation
        /// Its text.
        public let text: String
        /// What it has made and is there, for those applied; what it left behind, for others.
        public let leftBehind: String?
    }

    /// Its name: the identity, or as much of it as the journal has when the changelog does not have it any more.
    public let name: String
    /// The changeset; nil when the changelog does not have it any more.
    public let identity: ChangeSet.Identity?
    /// How many statements are applied.
    public let applied: Int
    /// How many it had when it ran.
    public let count: Int
    /// The server's code of the failure; nil when its outcome is unknown.
    public let sqlState: String?
    /// Whether a statement was sent whose outcome nobody has seen.
    public let isInDoubt: Bool
    /// Its statements as they are now; empty when the changelog does not have it any more.
    public let parts: [Part]
    /// At which statement it would go on, from 1; nil when a person must decide.
    public let resumesAt: Int?
    /// Why a person must decide.
    public let refusal: SluiceError?

    /// What is known of it, in a sentence.
    public var summary: String {
        var text = "changeset \(name): \(applied) of \(count) statements applied, "
        let place = parts.dropFirst(applied).first.map { " (\($0.location))" } ?? ""
        if isInDoubt {
            text += "whether statement \(applied + 1)\(place) took effect is not known"
        } else if let sqlState {
            text += "failed at \(applied + 1)\(place)" + (sqlState == "?" ? "" : " \(sqlState)")
        } else {
            text += "stopped before \(applied + 1)\(place)"
        }
        let left = parts.compactMap(\.leftBehind)
        return left.isEmpty ? text : text + "; left behind: \(left.joined(separator: ", "))"
    }
}
