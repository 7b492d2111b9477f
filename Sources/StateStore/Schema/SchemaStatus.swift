/// How the schema of a state database and this program fit together.
public struct SchemaStatus: Sendable, Hashable {
    /// What this program does with the schema that is there.
    public enum Fit: String, Sendable, CaseIterable {
        /// There is none: it is made.
        case empty
        /// It is older: it is brought up to date.
        case older
        /// It is this program's own.
        case same
        /// It is newer, and says that programs like this one work on it: it is used as it is.
        case newer
        /// It is newer, and this program would not understand it: it is refused.
        case tooNew = "too-new"
    }

    /// The version of the schema; 0 when there is none.
    public let version: Int
    /// The version of the oldest program that works on it.
    public let oldestProgram: Int
    /// The version of this program.
    public let program: Int
    /// The changesets of this program that are not there yet, in order.
    public let pending: [String]

    /// What this program does with it.
    public var fit: Fit {
        if version == 0 { return .empty }
        if version > program { return oldestProgram <= program ? .newer : .tooNew }
        return version < program || !pending.isEmpty ? .older : .same
    }
}

/// A program that has connections to a state database.
public struct ConnectedProgram: Sendable, Hashable {
    /// The newest version of the schema that it knows.
    public let version: Int
    /// How many connections it, and others like it, have.
    public let connections: Int
}
