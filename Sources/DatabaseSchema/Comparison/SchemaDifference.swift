/// What differs between two snapshots: what has to happen to the first to become the second.
///
/// Snapshots of servers of one major version are compared to the letter; those of two versions in the form that does
/// not depend on it, the one that is also hashed for the fingerprint.
public struct SchemaDifference: Hashable, Sendable {
    /// The changes, by kind and name; those of a relation's parts come with their own kind.
    public let changes: [SchemaChange]
    /// What may have been renamed.
    public let renameHints: [SchemaRenameHint]

    init(changes: [SchemaChange], renameHints: [SchemaRenameHint]) {
        self.changes = changes
        self.renameHints = renameHints
    }

    /// Whether nothing differs.
    public var isEmpty: Bool { changes.isEmpty }

    /// Compares two snapshots.
    public init(from before: SchemaSnapshot, to after: SchemaSnapshot) {
        let isExact = before.majorVersion == after.majorVersion
        let old = Dictionary(before.objects.map { ($0.identity, $0) }, uniquingKeysWith: { _, last in last })
        let new = Dictionary(after.objects.map { ($0.identity, $0) }, uniquingKeysWith: { _, last in last })
        let added = after.objects.filter { old[$0.identity] == nil }
        let removed = before.objects.filter { new[$0.identity] == nil }
        let isAddedPart = Self.parts(of: added)
        let isRemovedPart = Self.parts(of: removed)
        var changes = added.map { SchemaChange(added: $0, isImplied: isAddedPart($0)) }
        changes += removed.map { SchemaChange(removed: $0, isImplied: isRemovedPart($0)) }
        for object in after.objects {
            guard let former = old[object.identity], former != object else { continue }
            let attributes = Self.changes(from: former, to: object, isExact: isExact)
            guard !attributes.isEmpty else { continue }
            changes.append(
                SchemaChange(
                    operation: .changed, identity: object.identity, attributes: attributes, isImplied: false))
        }
        self.changes = changes.sorted { ($0.identity, $0.operation.rawValue) < ($1.identity, $1.operation.rawValue) }
        renameHints = SchemaRenameHint.hints(
            removed: removed.filter { !isRemovedPart($0) }, added: added.filter { !isAddedPart($0) },
            before: before, after: after)
    }

    /// Tells the parts of these relations.
    private static func parts(of objects: [SchemaObject]) -> (SchemaObject) -> Bool {
        let relations = Set(
            objects.filter { [.table, .view, .materializedView].contains($0.kind) }.map(\.name))
        return { $0.kind.isPart && relations.contains($0.name.parent) }
    }

    private static func changes(
        from former: SchemaObject, to object: SchemaObject, isExact: Bool
    ) -> [SchemaChange.AttributeChange] {
        let (before, after) = isExact ? (former, object) : (former.canonical, object.canonical)
        var changed = Set(before.attributes.keys).union(after.attributes.keys).filter { attribute in
            attribute == .columns
                ? columnsMoved(before, after) : before.attributes[attribute] != after.attributes[attribute]
        }
        // The text of a body says more than its digest, but only the digest is always there.
        if changed.remove(.bodyDigest) != nil {
            let hasTexts = former.attributes[.body] != nil && object.attributes[.body] != nil
            changed.remove(.body)
            changed.insert(hasTexts ? .body : .bodyDigest)
        } else if before.attributes[.bodyDigest] != nil {
            changed.remove(.body)
        }
        return changed.sorted().map { .init($0, former.attributes[$0], object.attributes[$0]) }
    }

    /// Whether columns that both have stand in another order. That one has more is told of the columns themselves.
    private static func columnsMoved(_ before: SchemaObject, _ after: SchemaObject) -> Bool {
        guard case .list(let old)? = before.attributes[.columns], case .list(let new)? = after.attributes[.columns]
        else {
            return false
        }
        let common = Set(old).intersection(new)
        return old.filter(common.contains) != new.filter(common.contains)
    }
}
