import Diagnostics

/// What a push is told.
public struct PushVerdict: Hashable, Sendable {
    /// Whether it may go on.
    public let isAccepted: Bool
    /// What is said about it; at most ``lineLimit`` lines without control characters.
    public let lines: [String]

    /// How many lines a push is told.
    public static let lineLimit = 10
    private static let lineLength = 300

    /// What becomes of a push that could not be judged: too large, too slow, unreadable.
    public enum WhenUnable: String, CaseIterable, Sendable {
        /// It is refused: nothing unjudged comes in.
        case reject
        /// It is let through: nobody is kept from working.
        case accept
    }

    /// The verdict on a push with these mistakes.
    public static func of(_ mistakes: [String]) -> PushVerdict {
        guard !mistakes.isEmpty else { return PushVerdict(isAccepted: true, lines: []) }
        let count = "\(mistakes.count) mistake\(mistakes.count == 1 ? "" : "s")"
        let room = lineLimit - 2
        let shown = mistakes.count > room ? Array(mistakes.prefix(room - 1)) : mistakes
        let hidden = mistakes.count - shown.count
        return PushVerdict(
            isAccepted: false,
            lines: ["sluice: refused, \(count):"] + shown.map { "  " + clean($0) }
                + (hidden > 0 ? ["  and \(hidden) more"] : [])
                + ["The same before a commit: sluice changelog validate, sluice validate"])
    }

    /// The verdict on a push that could not be judged.
    public static func unable(_ reason: String, then policy: WhenUnable) -> PushVerdict {
        let reason = clean(reason)
        return switch policy {
        case .reject:
            PushVerdict(
                isAccepted: false,
                lines: [
                    "sluice: refused, because it could not be judged: \(reason)",
                    "Whoever keeps the repository may let such pushes through: git config sluice.whenUnable accept",
                ])
        case .accept: PushVerdict(isAccepted: true, lines: ["sluice: not judged: \(reason)"])
        }
    }

    /// One line that does nothing to a terminal.
    private static func clean(_ text: String) -> String {
        let visible = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isUnprintable ? " " : $0 }))
        return visible.count > lineLength ? visible.prefix(lineLength - 1) + "…" : visible
    }
}
