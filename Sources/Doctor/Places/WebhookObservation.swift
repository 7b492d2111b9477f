/// What comes from a forge by itself.
public struct WebhookObservation: Sendable, Hashable {
    /// Whether deliveries of it are believed: there are secrets to know them by.
    public var isTaken: Bool
    /// Secrets that cannot be read, in sentences.
    public var unreadable: [String]
    /// For how long none has come; nil when none ever did, or none that is remembered.
    public var lastSeen: Duration?
    /// Whether that could be looked up.
    public var isKnown: Bool

    /// Makes an observation.
    public init(isTaken: Bool, unreadable: [String] = [], lastSeen: Duration? = nil, isKnown: Bool = true) {
        self.isTaken = isTaken
        self.isKnown = isKnown
        self.unreadable = unreadable
        self.lastSeen = lastSeen
    }

    /// From here on it is said that none has come for long.
    static let long = Duration.seconds(7 * 24 * 3600)

    /// What is found of it.
    public func finding(_ name: String) -> Finding {
        let (check, subject) = ("webhooks.seen", "Forge/\(name)")
        let guide = "docs/how-to/receive-webhooks.md"
        guard isTaken else {
            return .notChecked(
                check, of: subject, "no webhooks are taken from it: it is asked on a timer, which suffices",
                fix: "to hear of changes at once: \(guide)")
        }
        if let first = unreadable.first {
            return .failed(check, of: subject, "a secret of its webhooks cannot be read: \(first)", fix: guide)
        }
        guard isKnown else {
            return .notChecked(check, of: subject, "it cannot be looked up when the last webhook came")
        }
        guard let lastSeen else {
            return .warning(
                check, of: subject, "no webhook is remembered to have come; the timer finds what changes, later",
                fix: "have the forge send one to /hooks/\(name): \(guide)")
        }
        let age = Amount.text(lastSeen)
        guard lastSeen < Self.long else {
            return .warning(
                check, of: subject, "the last webhook came \(age) ago",
                fix: "if more should have come: sluice deliveries list --source \(name), and the forge's own list")
        }
        return .ok(check, of: subject, "the last webhook came \(age) ago")
    }
}
