public import Diagnostics

/// The change types that an engine knows, by name. It is a value: whoever wants more types adds them to a copy.
public struct ChangeTypeRegistry: Sendable {
    private var types: [String: any Change.Type] = [:]
    private var absences: [(names: Set<String>, condition: @Sendable (RuntimeContexts) -> Bool)] = []

    /// Makes a registry of some types.
    public init(_ types: [any Change.Type] = []) {
        for type in types { register(type) }
    }

    /// Adds a type; one of the same name is replaced.
    public mutating func register(_ type: any Change.Type) { types[type.name] = type }

    /// Leaves out every changeset that holds only changes of these names, known or not, when the contexts are such: for
    /// types that belong to one kind of database and are written as if they ran on all.
    public mutating func leaveOut(_ names: Set<String>, when condition: @escaping @Sendable (RuntimeContexts) -> Bool) {
        absences.append((names, condition))
    }

    /// Whether a changeset is left out because of what it holds.
    func leavesOut(_ changeSet: ChangeSet, in contexts: RuntimeContexts) -> Bool {
        guard !absences.isEmpty, !changeSet.changes.isEmpty else { return false }
        return absences.contains { absence in
            changeSet.changes.allSatisfy { absence.names.contains($0.name) } && absence.condition(contexts)
        }
    }

    /// The names that are known, sorted.
    public var names: [String] { types.keys.sorted() }

    /// Decodes a change. Findings are added to `diagnostics`; nil when the type is not known.
    ///
    /// - Parameters:
    ///   - node: The change's element.
    ///   - context: The files around it.
    ///   - diagnostics: Where mistakes are added.
    public func decode(
        _ node: ChangelogNode, in context: DecodingContext, diagnostics: inout [Diagnostic]
    ) -> DecodedChange? {
        guard let type = types[node.name] else {
            diagnostics.append(unknown(node, in: context))
            return nil
        }
        var decoder = ChangeDecoder(node, context: context)
        let change = type.init(from: &decoder)
        diagnostics += decoder.finish()
        return DecodedChange(change: change, record: decoder.record, location: node.location)
    }

    private func unknown(_ node: ChangelogNode, in context: DecodingContext) -> Diagnostic {
        let changeSet = context.changeSet.map { "changeset \($0): " } ?? ""
        let near = Suggestion.nearest(to: node.name, in: types.keys)
        return Diagnostic(
            code: "changelog.unsupported-change", at: node.location,
            "\(changeSet)change type \(node.name) is not supported",
            hint: near.map { "did you mean \($0)?" })
    }
}

/// A change as it was read: its meaning, its fields, and where it stands.
public struct DecodedChange: Sendable {
    /// The change.
    public var change: any Change
    /// Its fields.
    public var record: ChangeRecord
    /// Where its element begins.
    public var location: SourceLocation

    /// The change in a few words.
    public var description: String { change.description(of: record) }

    /// The change's part of its changeset's checksum.
    public func checksum(_ version: Checksum.Version = .v9) -> Checksum {
        change.checksum(of: record, version: version)
    }
}
