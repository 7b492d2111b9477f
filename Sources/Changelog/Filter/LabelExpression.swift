import Diagnostics

/// The labels that an update asks for: `--label-filter="fast and !risky"`. Nothing asked means everything.
///
/// With contexts the changeset holds the expression; with labels the update does.
public struct LabelExpression: Sendable, Hashable {
    private let alternatives: [FilterExpression]

    /// The expression of an option's text; nil or blank always holds. Nil when it cannot be read.
    public init?(_ text: String?) {
        var alternatives: [FilterExpression] = []
        for part in FilterList.items(text?.replacingAll("\\", with: "")) {
            guard let expression = FilterExpression(part) else { return nil }
            alternatives.append(expression)
        }
        self.alternatives = alternatives
    }

    /// An expression that always holds.
    public init() { alternatives = [] }

    /// Whether it holds for the labels of a changeset, written between commas.
    public func matches(labels: String?) -> Bool {
        let items = Set(FilterList.items(labels))
        return alternatives.isEmpty || alternatives.contains { $0.holds(for: items) }
    }
}
