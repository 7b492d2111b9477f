import Diagnostics

/// The `context` of a changeset, an include or a property: expressions between commas, of which one has to hold.
public struct ContextExpression: Sendable, Hashable {
    private let alternatives: [FilterExpression]

    /// The expression of an attribute's text; nil or blank always holds. Nil when it cannot be read.
    public init?(_ text: String?) {
        var alternatives: [FilterExpression] = []
        for part in FilterList.items(text) {
            guard let expression = FilterExpression(part) else { return nil }
            alternatives.append(expression)
        }
        self.alternatives = alternatives
    }

    private init() { alternatives = [] }

    /// An expression that always holds.
    static let always = ContextExpression()

    /// Whether nothing is asked for.
    public var isEmpty: Bool { alternatives.isEmpty }

    /// Whether it holds when an update is run with these contexts.
    public func matches(_ contexts: RuntimeContexts) -> Bool {
        if alternatives.isEmpty, !contexts.names.contains(where: { $0.begins(with: "@") }) { return true }
        return alternatives.contains { $0.holds(for: contexts.names) }
    }
}

/// The contexts that an update is run with: `--context-filter=test,prod`. None means that every context holds.
public struct RuntimeContexts: Sendable, Hashable {
    /// The contexts in lower case.
    public let names: Set<String>

    /// Splits an option's text at commas.
    public init(_ text: String? = nil) { names = Set(FilterList.items(text?.replacingAll("\\", with: ""))) }
}

/// Lists between commas as Liquibase reads them: trimmed, in lower case, blank ones left out.
enum FilterList {
    static func items(_ text: String?) -> [String] {
        guard let text else { return [] }
        return text.words(at: ",").map { $0.javaTrimmed.lowercased() }.filter { !$0.isEmpty }
    }
}
