import Diagnostics

/// What a value of desired state looks like, told once: how it is read, how it is written, and how it is described to
/// editors.
///
/// Reading reports every mistake it meets and returns nil when there was one.
struct Schema<Value: Sendable>: Sendable {
    /// Reads the value that stands at a node.
    let read: @Sendable (SourceNode, inout Findings) -> Value?
    /// Writes a value so that reading it gives it back.
    let write: @Sendable (Value) -> JSONValue
    /// The JSON Schema of the value.
    let description: JSONValue

    init(
        description: JSONValue, read: @escaping @Sendable (SourceNode, inout Findings) -> Value?,
        write: @escaping @Sendable (Value) -> JSONValue
    ) {
        self.description = description
        self.read = read
        self.write = write
    }

    /// The same text, other type: `into` may report a mistake of its own and return nil.
    func map<Other: Sendable>(
        into: @escaping @Sendable (Value, SourceNode, inout Findings) -> Other?,
        from: @escaping @Sendable (Other) -> Value
    ) -> Schema<Other> {
        Schema<Other>(
            description: description,
            read: { node, findings in read(node, &findings).flatMap { into($0, node, &findings) } },
            write: { write(from($0)) })
    }

    /// The same type with one more rule. `check` reports what it finds; any report refuses the value.
    func checked(_ check: @escaping @Sendable (Value, SourceNode, inout Findings) -> Void) -> Schema {
        map(
            into: { value, node, findings in
                let before = findings.diagnostics.count
                check(value, node, &findings)
                return findings.diagnostics.count == before ? value : nil
            }, from: { $0 })
    }
}

extension Schema {
    /// A list.
    static func list<Element: Sendable>(
        of element: Schema<Element>, minimum: Int = 0
    ) -> Schema where Value == [Element] {
        Schema(
            description: ["type": "array", "items": element.description, "minItems": .integer(minimum)],
            read: { node, findings in
                guard case .list(let nodes) = node.content else {
                    findings.report(
                        .wrongType, at: node.location, "expected a list, found \(node.summary)",
                        hint: "start each element on a line of its own with \"- \"")
                    return nil
                }
                guard nodes.count >= minimum else {
                    findings.report(
                        .invalidValue, at: node.location,
                        minimum == 1 ? "the list is empty" : "expected \(minimum) elements at least")
                    return nil
                }
                let values = nodes.enumerated().map { index, node in
                    findings.within(.index(index)) { element.read(node, &$0) }
                }
                return values.contains { $0 == nil } ? nil : values.compactMap(\.self)
            },
            write: { .array($0.map(element.write)) })
    }

    /// A mapping whose keys the author chooses.
    static func map<Element: Sendable>(
        to element: Schema<Element>
    ) -> Schema where Value == [String: Element] {
        Schema(
            description: ["type": "object", "additionalProperties": element.description],
            read: { node, findings in
                guard let members = Self.members(of: node, &findings) else { return nil }
                var values: [String: Element] = [:]
                for member in members {
                    values[member.key] = findings.within(.key(member.key)) { element.read(member.value, &$0) }
                }
                return values.count == members.count ? values : nil
            },
            write: { .object($0.mapValues(element.write)) })
    }

    /// The members of a mapping; reports when the node is none.
    static func members(of node: SourceNode, _ findings: inout Findings) -> [SourceNode.Member]? {
        if case .mapping(let members) = node.content { return members }
        var hint: String?
        if case .plain(let text) = node.content, PlainScalar(text) == .null {
            hint = "indent its keys below it, or write {} for none"
        }
        findings.report(.wrongType, at: node.location, "expected a mapping, found \(node.summary)", hint: hint)
        return nil
    }
}
