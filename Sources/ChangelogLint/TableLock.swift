/// A lock on a table, by what it keeps others from.
public enum TableLock: String, Sendable, Hashable, Codable, CaseIterable {
    /// Readers and writers go on; other schema changes wait.
    case shareUpdateExclusive = "SHARE UPDATE EXCLUSIVE"
    /// Readers go on, writers wait.
    case share = "SHARE"
    /// Readers go on, writers wait, and so does another of the same.
    case shareRowExclusive = "SHARE ROW EXCLUSIVE"
    /// Readers go on, everything else waits.
    case exclusive = "EXCLUSIVE"
    /// Everybody waits, readers too.
    case accessExclusive = "ACCESS EXCLUSIVE"

    /// Who waits for it.
    public var effect: String {
        switch self {
        case .shareUpdateExclusive: "readers and writers go on, other schema changes wait"
        case .share, .shareRowExclusive: "readers go on, writers wait"
        case .exclusive: "readers go on, everything else waits"
        case .accessExclusive: "everybody waits, readers too"
        }
    }
}
