import Diagnostics

/// Where a release should be. Asking for a target never takes anything back, but for ``rolledBack``.
public enum ReleaseTarget: Hashable, Sendable {
    /// Nothing is merged.
    case draft
    /// In a stage and all before it, by the stage's branch.
    case stage(String)
    /// In all stages and the batches up to this one, from 1.
    case batch(Int)
    /// In all stages and batches.
    case complete
    /// Taken back from every branch that it was merged into.
    case rolledBack
    /// Given up: its source branch is deleted.
    case cancelled
}

extension ReleaseTarget: LosslessStringConvertible {
    /// As it is written: `draft`, the branch of a stage, `batch/2`, `complete`, `rolledBack`, `cancelled`.
    public var description: String {
        switch self {
        case .draft: "draft"
        case .stage(let branch): branch
        case .batch(let number): "batch/\(number)"
        case .complete: "complete"
        case .rolledBack: "rolledBack"
        case .cancelled: "cancelled"
        }
    }

    /// Reads a target; nil for `batch/` without a number from 1 on, and for the empty text.
    public init?(_ text: String) {
        switch text {
        case "": return nil
        case "draft": self = .draft
        case "complete": self = .complete
        case "rolledBack": self = .rolledBack
        case "cancelled": self = .cancelled
        default:
            guard text.begins(with: "batch/") else {
                self = .stage(text)
                return
            }
            let digits = text.rest(after: "batch/") ?? ""
            guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), !digits.begins(with: "0"), let number = Int(digits),
                number <= 10_000
            else { return nil }
            self = .batch(number)
        }
    }
}

extension ReleaseTarget {
    /// The words that name no stage.
    static let words = ["draft", "batch/1", "complete", "rolledBack", "cancelled"]

    static let schema = Schema<String>.text.map(
        into: { text, node, findings -> ReleaseTarget? in
            if let target = ReleaseTarget(text) { return target }
            findings.report(
                .invalidValue, at: node.location,
                "\(text.quotedForMessage) is not allowed, expected a stage or one of \(words.joined(separator: ", "))")
            return nil
        }, from: \.description)
}
