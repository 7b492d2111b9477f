public import Foundation

/// What a forge says of the token that we come with.
public struct ForgeTokenObservation: Sendable, Hashable {
    /// When a token ends by itself.
    public enum End: Sendable, Hashable {
        /// It does not.
        case never
        /// It is not accepted from this time on.
        case at(Date)
        /// The forge does not say.
        case untold
    }

    /// A scope that is missing.
    public struct Missing: Sendable, Hashable {
        /// The forge's word for it.
        public var scope: String
        /// What is needed and takes it, each by the word that people know it by.
        public var needs: [String]

        /// Makes one.
        public init(_ scope: String, for needs: [String]) {
            self.scope = scope
            self.needs = needs
        }
    }

    /// What people call it; nil when it has no name.
    public var name: String?
    /// What it is for, in the forge's words; nil when that is not told.
    public var scopes: [String]?
    /// When it ends.
    public var end: End
    /// Whether the forge still takes it.
    public var isActive: Bool
    /// What it lacks.
    public var missing: [Missing]
    /// Where a new one is made.
    public var place: String
    /// When the forge was asked.
    public var asked: Date

    /// Makes an observation.
    public init(
        name: String? = nil, scopes: [String]? = nil, end: End, isActive: Bool = true, missing: [Missing] = [],
        place: String, asked: Date
    ) {
        self.name = name
        self.scopes = scopes
        self.end = end
        self.isActive = isActive
        self.missing = missing
        self.place = place
        self.asked = asked
    }

    /// From here on somebody should make a new one.
    static let soon: TimeInterval = 14 * 86_400
    /// How many scopes are named.
    private static let mostNamed = 10

    static let check = "forge.token"

    /// What is found of it: one finding for each trouble, or one that there is none.
    func findings(_ forge: String) -> [Finding] {
        let subject = "Forge/\(forge)"
        let renewal = "make a new one (\(place)) and put it where the Forge has it from: sluice describe forge/\(forge)"
        guard isActive else {
            return [.failed(Self.check, of: subject, "\(title) is revoked, or taken no more", fix: renewal)]
        }
        var found: [Finding] = []
        if case .at(let date) = end {
            let left = date.timeIntervalSince(asked)
            if left <= 0 {
                let words = "\(title) ended on \(Self.day(date)), \(Self.amount(-left)) ago"
                return [.failed(Self.check, of: subject, words, fix: renewal)]
            }
            if left < Self.soon { found.append(.warning(Self.check, of: subject, sentence, fix: renewal)) }
        }
        found += missing.map { missing in
            .warning(
                Self.check, of: subject,
                "\(title) lacks the scope \(missing.scope), which it takes to \(missing.needs.joined(separator: ", "))"
                    + "; \(scopesInWords)",
                fix: "make one with \(missing.scope) (\(place)) and put it in its place: sluice describe forge/\(forge)"
            )
        }
        return found.isEmpty ? [.ok(Self.check, of: subject, sentence)] : found
    }

    private var title: String { name.map { "the token “\($0)”" } ?? "the token" }

    private var sentence: String {
        switch end {
        case .never: "\(title) never ends; \(scopesInWords)"
        case .at(let date):
            "\(title) ends on \(Self.day(date)), in \(Self.amount(date.timeIntervalSince(asked))); \(scopesInWords)"
        case .untold: "when \(title) ends is not told; \(scopesInWords)"
        }
    }

    private var scopesInWords: String {
        guard let scopes, !scopes.isEmpty else { return "its scopes are not told" }
        let more = scopes.count > Self.mostNamed ? " and \(scopes.count - Self.mostNamed) more" : ""
        return "its scopes: \(scopes.prefix(Self.mostNamed).joined(separator: ", "))\(more)"
    }

    /// In UTC, as hosts have it.
    private static func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }

    /// A date may be any: as far off as a thousand years it is one.
    private static func amount(_ seconds: TimeInterval) -> String {
        Amount.text(.seconds(Int64(min(max(seconds, 0), 1_000 * 365 * 86_400))))
    }
}
