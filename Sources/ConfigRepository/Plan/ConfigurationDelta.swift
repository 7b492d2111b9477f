public import DesiredState
public import StateStore

/// What becomes of which resource when a desired state comes into force. Pure.
public struct ConfigurationDelta: Hashable, Sendable {
    /// What is made or changed, each after what it depends on; then what goes, the other way round.
    public let entries: [ConfigurationEntry]
    /// What has left and stays, because it says so.
    public let kept: [ResourceKey]

    /// The keys that go.
    public var pruned: [ResourceKey] { entries.filter { $0.effect == .pruned }.map(\.key) }

    /// Whether nothing becomes of anything.
    public var isEmpty: Bool { entries.isEmpty }

    /// What becomes of what is in force.
    ///
    /// - Parameters:
    ///   - inForce: All that is in force, whoever put it there.
    ///   - desired: What should be by the word of `manager`, read and found to be right.
    ///   - manager: Whose word it is. What others put there goes only with their word; what it names itself becomes its.
    ///   - prunes: Whether what is no longer named goes.
    public init(
        from inForce: [ResourceInForce], to desired: [Resource<ResourceSpec>],
        by manager: ResourceInForce.Manager = .source, prunes: Bool = true
    ) {
        let before = Dictionary(inForce.map { ($0.key, $0) }) { first, _ in first }
        let names = Dictionary(desired.map { ($0.key, $0) }) { first, _ in first }
        let order = DependencyGraph(names.mapValues(\.dependencies)).order
        let made = order.compactMap { key -> ConfigurationEntry? in
            guard let resource = names[key] else { return nil }
            guard let old = before[key] else { return ConfigurationEntry(key, .created) }
            let fields = Self.fields(from: old, to: resource, manager)
            return fields.isEmpty ? nil : ConfigurationEntry(key, .changed, fields: fields)
        }
        let left = prunes ? inForce.filter { $0.manager == manager && names[$0.key] == nil } : []
        kept = left.filter(\.isKept).map(\.key).sorted()
        let going = left.filter { !$0.isKept }
        let backwards = DependencyGraph(
            Dictionary(going.map { ($0.key, $0.resource?.dependencies ?? []) }) { first, _ in first }
        ).order.reversed()
        entries = made + backwards.map { ConfigurationEntry($0, .pruned) }
    }

    private static func fields(
        from old: ResourceInForce, to new: Resource<ResourceSpec>, _ manager: ResourceInForce.Manager
    ) -> [FieldChange] {
        var fields = old.spec.changes(to: new.spec.json, at: "spec")
        let document = new.document["metadata"] ?? [:]
        fields += old.metadata.changes(to: ResourceInForce.known(document), at: "metadata")
        if old.manager != manager {
            fields.append(FieldChange("metadata.managedBy", from: old.manager.word, to: manager.word))
        }
        return fields
    }
}

extension ResourceInForce.Manager {
    /// The key that stands for it, as `managedBy` shows it.
    var key: ResourceKey { self == .source ? Configuration.key : Configuration.byHand }
    fileprivate var word: JSONValue { .string(key.description) }
}

extension ConfigurationDelta {
    /// `2 created, 1 changed, 3 pruned`; `nothing changes` when nothing does.
    public var summary: String {
        let counts = ConfigurationEntry.Effect.allCases.compactMap { effect -> String? in
            let count = entries.count { $0.effect == effect }
            return count == 0 ? nil : "\(count) \(effect.rawValue)"
        }
        return counts.isEmpty ? "nothing changes" : counts.joined(separator: ", ")
    }

    /// One line a resource, with the values that become others below it.
    public var lines: [String] {
        entries.flatMap { entry -> [String] in
            let mark: String =
                switch entry.effect {
                case .created: "+"
                case .changed: "~"
                case .pruned: "-"
                }
            return ["\(mark) \(entry.key) is \(entry.effect.rawValue)"]
                + entry.fields.map { "    \($0.path): \(Self.text($0.before)) → \(Self.text($0.after))" }
        } + kept.map { "= \($0) has left and is kept: \(ResourceMetadata.pruneAnnotation) is disabled" }
    }

    private static func text(_ value: JSONValue?) -> String {
        guard let value else { return "none" }
        let text = value.canonicalText
        return text.count <= 120 ? text : "\(text.prefix(119))…"
    }
}
