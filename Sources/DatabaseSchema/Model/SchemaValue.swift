/// The value of an attribute.
public enum SchemaValue: Hashable, Sendable {
    /// A text.
    case text(ExactText)
    /// Texts whose order means something, or that were sorted when they were read.
    case list([ExactText])
    /// Something that is the case. What is not the case is not written.
    case flag

    /// A text value.
    public static func text(_ text: String) -> SchemaValue { .text(ExactText(text)) }
    /// A list value.
    public static func list(_ texts: [String]) -> SchemaValue { .list(texts.map(ExactText.init)) }

    /// The same value with every text put through `body`.
    func mapTexts(_ body: (String) -> String) -> SchemaValue {
        switch self {
        case .text(let text): .text(body(text.text))
        case .list(let texts): .list(texts.map { body($0.text) })
        case .flag: .flag
        }
    }
}
