/// What a database is made of, as a value: tables, columns, constraints, indexes, views, routines, types and the rest,
/// without data, owners, ids and statistics.
///
/// `DatabaseSchema` reads such snapshots, compares them and takes their fingerprint. Reading is one thin piece of it;
/// everything else is pure. It knows nothing of changelogs, candidates or HTTP.
public struct SchemaSnapshot: Hashable, Sendable {
    /// The server's version as it calls itself, such as `15.14`.
    public let serverVersion: String
    /// The objects, by kind and name.
    public let objects: [SchemaObject]

    /// Makes a snapshot; the objects may come in any order. Of two with one identity the last counts.
    public init(serverVersion: String, objects: some Sequence<SchemaObject>) {
        self.serverVersion = serverVersion
        var byIdentity: [SchemaObject.Identity: SchemaObject] = [:]
        for object in objects { byIdentity[object.identity] = object }
        self.objects = byIdentity.values.sorted { $0.identity < $1.identity }
    }

    /// The part of the version that decides how the server writes definitions: `15`.
    var majorVersion: Substring { serverVersion.prefix { $0.isNumber } }

    /// The snapshot without the objects that `isIncluded` refuses.
    public func filtered(_ isIncluded: (SchemaObject) -> Bool) -> SchemaSnapshot {
        SchemaSnapshot(serverVersion: serverVersion, objects: objects.filter(isIncluded))
    }
}
