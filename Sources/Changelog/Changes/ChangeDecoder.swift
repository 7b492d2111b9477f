public import Diagnostics

/// Reads the fields of one change from its node, and remembers which were asked for.
///
/// What was never asked for is unknown and becomes a finding; what was asked for goes into the ``record``, from which
/// the checksum is made.
public struct ChangeDecoder {
    /// The change's node.
    public let node: ChangelogNode
    /// The files around it.
    public let context: DecodingContext
    /// The fields so far.
    public private(set) var record: ChangeRecord
    /// What was asked for. These are few, so that looking through them is faster than a set.
    private var known: [String] = []
    /// Whether another change has read the node, and found what is unknown in it.
    private var isDelegated = false
    private var diagnostics: [Diagnostic] = []

    /// Begins to decode a node.
    public init(_ node: ChangelogNode, context: DecodingContext) {
        self.node = node
        self.context = context
        record = ChangeRecord(name: node.name)
    }

    /// A text, as written.
    ///
    /// - Parameters:
    ///   - field: The attribute's name.
    ///   - recorded: Whether it is part of the checksum.
    public mutating func string(_ field: String, recorded: Bool = true) -> String? {
        known.append(field)
        let value = child(field)?.value
        record.set(field, value, hashed: recorded)
        return value
    }

    /// A text that must be there; empty, with a finding, when it is not.
    public mutating func required(_ field: String) -> String {
        if let value = string(field), !value.isEmpty { return value }
        report("'\(field)' is required")
        return ""
    }

    /// A truth value; nil when it is not there.
    public mutating func boolean(_ field: String, recorded: Bool = true) -> Bool? {
        known.append(field)
        guard let text = child(field)?.value?.trimmedOrNil else { return nil }
        let value = Self.boolean(text)
        record.set(field, value ? "true" : "false", hashed: recorded)
        return value
    }

    /// A whole number, as a text of digits; nil when it is not there.
    public mutating func integer(_ field: String, recorded: Bool = true) -> String? {
        known.append(field)
        guard let text = child(field)?.value?.trimmedOrNil else { return nil }
        let digits = text.begins(with: "-") ? text.dropFirst() : text[...]
        if digits.isEmpty || !digits.utf8.allSatisfy({ (48...57).contains($0) }) {
            report("'\(field)' is a whole number, not \"\(text.limited(to: 40))\"")
            return nil
        }
        if recorded { record.set(field, text) }
        return text
    }

    /// A field that is a whole element: its node.
    public mutating func element(_ field: String) -> ChangelogNode? {
        known.append(field)
        return child(field)
    }

    /// All elements of one name.
    public mutating func elements(_ field: String) -> [ChangelogNode] {
        known.append(field)
        return node.children.filter { Self.isSame($0.name, field) }
    }

    /// The element's own text, or the attribute that stands for it in YAML and JSON.
    public mutating func text(or field: String) -> String? {
        known.append(field)
        return child(field)?.value ?? node.value
    }

    /// Accepts fields without reading them: those that mean nothing on PostgreSQL.
    public mutating func ignore(_ fields: String...) { known += fields }

    /// Puts a field into the record that was not read as it is serialised.
    public mutating func record(_ field: String, _ value: ChangeRecord.Value?) { record.set(field, value) }

    /// Notes a mistake.
    public mutating func report(
        _ message: String, at location: SourceLocation? = nil, hint: String? = nil,
        code: String = "changelog.invalid-change"
    ) {
        let changeSet = context.changeSet.map { "changeset \($0): " } ?? ""
        diagnostics.append(
            Diagnostic(
                code: code, at: location ?? node.location,
                "\(changeSet)\(node.name): \(message)", hint: hint))
    }

    /// The findings, with one for each unknown field.
    public mutating func finish() -> [Diagnostic] {
        if isDelegated { return diagnostics }
        var seen: Set<String> = []
        for child in node.children where !isKnown(child.name) && seen.insert(child.name).inserted {
            // Nobody reads more than a few.
            guard seen.count <= 20 else { break }
            let near = Suggestion.nearest(to: child.name, in: known)
            report(
                "'\(child.name)' is not supported here", at: child.location,
                hint: near.map { "did you mean '\($0)'?" } ?? "known: \(Set(known).sorted().joined(separator: ", "))",
                code: "changelog.unsupported-attribute")
        }
        return diagnostics
    }

    /// Reads an element inside this one with a decoder of its own; its findings are this one's.
    public mutating func nested<Value>(
        _ node: ChangelogNode, _ read: (inout ChangeDecoder) -> Value
    ) -> (Value, ChangeRecord) {
        var decoder = ChangeDecoder(node, context: context)
        decoder.record = ChangeRecord()
        let value = read(&decoder)
        diagnostics += decoder.finish()
        return (value, decoder.record)
    }

    /// Reads a node as a change of another type, of which this one is a form: its fields and its findings are this one's,
    /// and no field of this one is unknown any more.
    public mutating func delegate(_ node: ChangelogNode, to registry: ChangeTypeRegistry) -> DecodedChange? {
        let change = registry.decode(node, in: context, diagnostics: &diagnostics)
        if let change { record = change.record }
        isDelegated = true
        return change
    }

    /// The first field of a name. Letters' case does not count, as in Liquibase: `primarykey` is `primaryKey`.
    private func child(_ field: String) -> ChangelogNode? {
        node.child(field) ?? node.children.first { Self.isSame($0.name, field) }
    }

    private func isKnown(_ name: String) -> Bool {
        known.contains(name) || known.contains { Self.isSame($0, name) }
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        left == right || left.utf8.count == right.utf8.count && left.lowercased() == right.lowercased()
    }

    /// Only the word itself is true, as in Java.
    static func boolean(_ text: String) -> Bool { text.lowercased() == "true" }
}
