import Diagnostics

/// Two objects, one removed and one added, that are the same but for their names. A hint and no more: nobody can tell a
/// renamed object from one that was dropped and made again.
public struct SchemaRenameHint: Hashable, Sendable {
    /// What they are.
    public let kind: SchemaObjectKind
    /// The name of the one that is removed.
    public let before: SchemaName
    /// The name of the one that is added.
    public let after: SchemaName
}

extension SchemaRenameHint {
    /// Pairs what is alike and unlike everything else.
    static func hints(
        removed: [SchemaObject], added: [SchemaObject], before: SchemaSnapshot, after: SchemaSnapshot
    ) -> [SchemaRenameHint] {
        guard !removed.isEmpty, !added.isEmpty else { return [] }
        let old = shapes(removed, in: before)
        let new = shapes(added, in: after)
        return old.compactMap { shape, objects in
            guard let first = objects.first, objects.count == 1, let others = new[shape], let other = others.first,
                others.count == 1
            else { return nil }
            return SchemaRenameHint(kind: first.kind, before: first.name, after: other.name)
        }.sorted { ($0.kind, $0.before) < ($1.kind, $1.before) }
    }

    /// The objects by digests of all that is said of them but their names.
    private static func shapes(_ objects: [SchemaObject], in snapshot: SchemaSnapshot) -> [String: [SchemaObject]] {
        let columns = Dictionary(grouping: snapshot.objects.filter { $0.kind == .column }, by: \.name.parent)
        return Dictionary(grouping: objects.filter { canBeTold($0) }) { object in
            // A relation is what its columns are; a part belongs to the relation that it is on.
            let parts = object.kind.isPart ? [] : columns[object.name] ?? []
            let home = object.kind.isPart ? object.name.parent : SchemaName([])
            let own = SchemaObject(object.kind, home, object.canonical.attributes.filter { $0.key != .comment })
            let ownParts = parts.map { SchemaObject($0.kind, SchemaName([$0.name.own]), $0.canonical.attributes) }
            return SchemaFingerprint(of: [unnamed(own, object.name)] + ownParts).hex
        }
    }

    /// Schemas and extensions are too plain to tell one from another.
    private static func canBeTold(_ object: SchemaObject) -> Bool {
        ![.schema, .extension, .eventTrigger].contains(object.kind)
    }

    /// The object with its own name taken out of its definition.
    private static func unnamed(_ object: SchemaObject, _ name: SchemaName) -> SchemaObject {
        let own = [name.own, name.own.quoted(by: "\"")]
        guard case .text(let definition)? = object.attributes[.definition], object.kind != .view else { return object }
        var attributes = object.attributes
        attributes[.definition] = .text(
            definition.text.words(at: " ").map { own.contains(String($0)) ? "?" : String($0) }
                .joined(separator: " "))
        return SchemaObject(object.kind, object.name, attributes)
    }
}
