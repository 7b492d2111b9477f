/// How much a difference is, in numbers: what people see first.
public struct SchemaSummary: Hashable, Sendable {
    /// How many objects of one kind.
    public struct Count: Hashable, Sendable, Codable {
        /// What they are.
        public let kind: SchemaObjectKind
        /// Objects that are there after and were not before.
        public var added = 0
        /// Objects that are there before and after and differ.
        public var changed = 0
        /// Objects that were there before and are not after.
        public var removed = 0
    }

    /// The numbers by kind; kinds without changes are left out. Parts of relations that came or went are not counted.
    public let counts: [Count]

    /// Counts.
    public init(_ difference: SchemaDifference) {
        var counts: [SchemaObjectKind: Count] = [:]
        for change in difference.changes where !change.isImplied {
            let kind = change.identity.kind
            switch change.operation {
            case .added: counts[kind, default: Count(kind: kind)].added += 1
            case .changed: counts[kind, default: Count(kind: kind)].changed += 1
            case .removed: counts[kind, default: Count(kind: kind)].removed += 1
            }
        }
        self.counts = counts.values.sorted { $0.kind < $1.kind }
    }
}

extension SchemaSummary: CustomStringConvertible {
    /// One line: `+2 tables, ~1 column, -1 index`, or `no changes`.
    public var description: String {
        let signs: [(String, KeyPath<Count, Int>)] = [("+", \.added), ("~", \.changed), ("-", \.removed)]
        let parts = signs.flatMap { sign, number in
            counts.filter { $0[keyPath: number] > 0 }.map { count in
                "\(sign)\(count[keyPath: number]) "
                    + (count[keyPath: number] == 1 ? count.kind.rawValue : count.kind.plural)
            }
        }
        return parts.isEmpty ? "no changes" : parts.joined(separator: ", ")
    }
}
