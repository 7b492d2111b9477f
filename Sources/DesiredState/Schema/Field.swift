import Diagnostics

/// One key of an object: its name, what it means, how its value looks, and what holds when it is left out.
struct Field<Root, Value: Sendable>: Sendable {
    /// The key.
    let name: String
    /// The member that the key stands for.
    let value: @Sendable (Root) -> Value
    /// Reads the member from the key's node; nil stands for a key that is left out.
    let read: @Sendable (SourceNode?, _ object: SourceNode, inout Findings) -> Value?
    /// Writes the member; nil leaves the key out.
    let write: @Sendable (Value) -> JSONValue?
    /// The JSON Schema of the key.
    let description: JSONValue
    /// Whether the key cannot be left out.
    let isRequired: Bool

    /// A key that cannot be left out.
    static func required(
        _ name: String, _ value: @escaping @Sendable (Root) -> Value, _ schema: Schema<Value>, _ summary: String
    ) -> Field {
        Field(
            name: name, value: value,
            read: { node, object, findings in
                guard let node else {
                    findings.report(
                        .missingKey, at: object.location, "the key \"\(name)\" is missing",
                        hint: summary.loweringFirst)
                    return nil
                }
                return findings.within(.key(name)) { schema.read(node, &$0) }
            },
            write: schema.write, description: schema.description.adding(["description": .string(summary)]),
            isRequired: true)
    }

    /// A key with a default.
    static func defaulted(
        _ name: String, _ value: @escaping @Sendable (Root) -> Value, _ schema: Schema<Value>, to fallback: Value,
        _ summary: String
    ) -> Field {
        Field(
            name: name, value: value,
            read: { node, _, findings in
                guard let node else { return fallback }
                return findings.within(.key(name)) { schema.read(node, &$0) }
            },
            write: schema.write,
            description: schema.description.adding([
                "description": .string(summary), "default": schema.write(fallback),
            ]),
            isRequired: false)
    }

    /// A key with a list that names something; left out, it is empty, and means whatever nothing named means.
    static func listed<Element: Sendable>(
        _ name: String, _ value: @escaping @Sendable (Root) -> Value, of element: Schema<Element>, _ summary: String
    ) -> Field where Value == [Element] {
        let list = Schema<[Element]>.list(of: element, minimum: 1)
        return Field(
            name: name, value: value,
            read: { node, _, findings in
                guard let node else { return [] }
                return findings.within(.key(name)) { list.read(node, &$0) }
            },
            // An empty list could not be read back.
            write: { $0.isEmpty ? JSONValue?.none : list.write($0) },
            description: list.description.adding(["description": .string(summary)]), isRequired: false)
    }

    /// A key that may be left out, which means nil.
    static func optional<Wrapped: Sendable>(
        _ name: String, _ value: @escaping @Sendable (Root) -> Value, _ schema: Schema<Wrapped>, _ summary: String
    ) -> Field where Value == Wrapped? {
        Field(
            name: name, value: value,
            read: { node, _, findings in
                // Two optionals: the outer says whether reading went well, the inner whether the key is there.
                guard let node else { return .some(nil) }
                return findings.within(.key(name)) { schema.read(node, &$0) }.map { .some($0) }
            },
            write: { $0.map(schema.write) },
            description: schema.description.adding(["description": .string(summary)]), isRequired: false)
    }
}

extension JSONValue {
    /// The object with more members.
    func adding(_ more: [String: JSONValue]) -> JSONValue {
        .object((object ?? [:]).merging(more) { _, new in new })
    }
}

extension String {
    /// A sentence made part of another one.
    fileprivate var loweringFirst: String {
        let text = prefix(1).lowercased() + dropFirst()
        return text.ends(with: ".") ? String(text.dropLast()) : text
    }
}
