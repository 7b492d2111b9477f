/// What an object of a schema is. The order of the cases is the order in which objects are listed.
public enum SchemaObjectKind: String, Hashable, Sendable, CaseIterable, Codable {
    case schema
    case `extension`
    case type
    case sequence
    case table
    case view
    case materializedView = "materialized view"
    case column
    case constraint
    case index
    case statistics = "extended statistics"
    case rule
    case trigger
    case policy
    case function
    case procedure
    case aggregate
    case eventTrigger = "event trigger"

    /// Whether objects of this kind are parts of a relation, and come and go with it.
    public var isPart: Bool {
        switch self {
        case .column, .constraint, .index, .rule, .trigger, .policy: true
        default: false
        }
    }

    /// The name for several, or none.
    public var plural: String {
        switch self {
        case .index: "indexes"
        case .policy: "policies"
        case .statistics: rawValue
        default: rawValue + "s"
        }
    }

    /// What the parts of an object's name are called, outermost first.
    var nameParts: [String] {
        switch self {
        case .schema, .extension, .eventTrigger: ["name"]
        case .function, .procedure, .aggregate: ["schema", "name", "parameters"]
        case _ where isPart: ["schema", "relation", "name"]
        default: ["schema", "name"]
        }
    }
}

extension SchemaObjectKind: Comparable {
    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    /// Whether objects of the left kind are listed first.
    public static func < (left: SchemaObjectKind, right: SchemaObjectKind) -> Bool { left.rank < right.rank }
}
