/// Verifies that records follow each other without a gap and say what they said when they were written.
///
/// Records are given one after another, newest first, as they are listed.
public struct AuditChain: Sendable {
    /// What is wrong with a record.
    public enum Fault: Hashable, Sendable {
        /// It does not say what it said when it was written.
        case altered(Int64)
        /// Between it and the record that was given before it, some are missing, or the order is wrong.
        case gap(after: Int64)
        /// The record that was given before it follows another one.
        case unlinked(Int64)
        /// Before the first record there are others, or it was put there later.
        case beginning(Int64)
    }

    /// The newest record.
    public private(set) var head: (id: Int64, hash: String)?
    /// How many records were given.
    public private(set) var count = 0
    private var last: AuditRecord?

    /// Begins.
    public init() {}

    /// Takes the next older record.
    /// - Returns: What is wrong with it; nil when nothing is.
    public mutating func take(_ record: AuditRecord) -> Fault? {
        defer { last = record }
        count += 1
        if head == nil { head = (record.id, record.hash) }
        guard record.isIntact else { return .altered(record.id) }
        guard let last else { return nil }
        guard last.id > Int64.min, record.id == last.id - 1 else { return .gap(after: record.id) }
        return last.previous == record.hash ? nil : .unlinked(record.id)
    }

    /// What is wrong with where the chain begins, once the oldest record was given; nil when nothing is.
    public func end() -> Fault? {
        guard let last, last.id != 1 || last.previous != AuditRecord.origin else { return nil }
        return .beginning(last.id)
    }
}

extension AuditChain.Fault: CustomStringConvertible {
    /// What is wrong, in a sentence.
    public var description: String {
        switch self {
        case .altered(let id): "record \(id) does not say what it said when it was written"
        case .gap(let id): "records after \(id) are missing"
        case .unlinked(let id): "the record after \(id) follows another one than is there"
        case .beginning(let id): "the chain begins with record \(id): what was before it is gone"
        }
    }
}
