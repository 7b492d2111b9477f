/// What can be said of an object. The raw values are the keys in JSON and the columns in catalog queries.
public enum SchemaAttribute: String, Hashable, Sendable, CaseIterable, Codable {
    // Of relations.
    case columns, persistence, partitionKey, partitionBound, inherits, ofType, accessMethod, replicaIdentity
    case foreignServer, rowSecurity, forcedRowSecurity, options, definition
    // Of columns; some of types, constraints and indexes too.
    case type, notNull, notNullNotValidated, `default`, generated, generation, identity, collation, storage, compression
    case statisticsTarget
    // Of constraints and indexes.
    case notValidated, unique, invalid, clustered
    // Of routines.
    case arguments, result, language, volatility, securityDefiner, strict, leakproof, parallel, cost, rows, window
    case settings, support, body, bodyDigest, library
    case stateFunction, stateType, finalFunction, initialValue, aggregateKind, sortOperator, combineFunction
    // Of types.
    case labels, fields, base, constraints, subtype, operatorClass, canonicalFunction, differenceFunction
    // Of sequences.
    case start, minimum, maximum, increment, cache, cycle, ownedBy
    // Of triggers, rules and policies.
    case firing, event, tags, function, command, restrictive, roles, using, check
    // Of extensions.
    case schema, version
    // Of objects of any kind.
    case grants, comment

    /// How the attribute is read and written.
    enum Form { case text, list, flag }

    var form: Form {
        switch self {
        case .grants, .columns, .inherits, .options, .settings, .labels, .fields, .constraints, .tags, .roles: .list
        case .rowSecurity, .forcedRowSecurity, .notNull, .notNullNotValidated, .notValidated, .unique, .invalid,
            .clustered, .securityDefiner, .strict, .leakproof, .window, .cycle, .restrictive:
            .flag
        default: .text
        }
    }

    /// Whether the server wrote the text from its own parse of it, in words that depend on its version.
    var isDeparsed: Bool {
        switch self {
        case .definition, .type, .default, .generated, .partitionKey, .partitionBound, .ofType, .arguments, .result,
            .fields, .base, .constraints, .subtype, .using, .check, .stateType:
            true
        default: false
        }
    }
}

extension SchemaAttribute: Comparable {
    private static let ranks = Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })
    /// Orders as the cases are declared: what is nearest to the object's nature comes first.
    public static func < (left: SchemaAttribute, right: SchemaAttribute) -> Bool {
        (ranks[left] ?? 0) < (ranks[right] ?? 0)
    }
}
