import Diagnostics
import PostgresClient

extension Resumption {
    /// The statement at which a changeset goes on, from 0; nil for one that is a transaction.
    ///
    /// - Throws: `SluiceError` `changelog.partly-applied-edited` or `changelog.outcome-unknown` when a person must decide.
    static func start(
        of prepared: PreparedChangeSet, _ statements: [SQLStatement], _ lock: HeldLock,
        on connection: PostgresConnection, asked: Int? = nil
    ) async throws -> Int? {
        let work = statements.filter { $0.role != .message }
        let entry = lock.partial(prepared)
        let isTransaction = prepared.changeSet.runInTransaction
        if let asked, let entry, !isTransaction {
            guard asked == entry.applied + 1 || asked == entry.applied + 2, asked <= work.count + 1 else {
                throw SluiceError(
                    "changelog.outcome-unknown", .stalled,
                    """
                    changeset \(prepared.identity) is applied up to statement \(entry.applied): it can go on at the next \
                    one, or at the one behind that
                    """, at: prepared.changeSet.location)
            }
            return asked - 1
        }
        let resumption = Resumption(entry, work, runInTransaction: isTransaction)
        switch try await resumption.settled(on: connection) {
        case .at(let index): return isTransaction ? nil : index
        case .refused(let reason): throw reason.error(prepared, count: entry?.count ?? work.count)
        case .look(let index, _), .lookForGone(let index, _): return index
        }
    }

    /// The decision when the catalogs have been asked.
    func settled(on connection: PostgresConnection) async throws -> Resumption {
        let probe = IndexProbe(connection: connection)
        switch self {
        case .at, .refused: return self
        case .look(let index, let statement):
            guard let found = try await probe.find(statement), found.isValid else { return .at(index) }
            guard found.isHere else { return .refused(.unknown(statement: index + 1, edited: false)) }
            let isIt = try await probe.isAsWritten(found, statement)
            return isIt ? .at(index + 1) : .refused(.unknown(statement: index + 1, edited: false))
        case .lookForGone(let index, let name):
            return .at(try await probe.exists(name) ? index : index + 1)
        }
    }
}

extension Resumption.Reason {
    /// The refusal as an error.
    func error(_ prepared: PreparedChangeSet, count: Int) -> SluiceError {
        let name = "changeset \(prepared.identity)"
        let location = prepared.changeSet.location
        switch self {
        case .headEdited(let applied):
            return SluiceError(
                "changelog.partly-applied-edited", .stalled,
                "\(name) is applied up to statement \(applied) of \(count), and those statements were changed since",
                hint: "put them back as they were, and change only what follows; or take them back with restore",
                at: location)
        case .transactional(let applied):
            return SluiceError(
                "changelog.partly-applied-edited", .stalled,
                "\(name) is applied up to statement \(applied) of \(count), and was made a transaction since",
                hint: "put runInTransaction=\"false\" back, or take its statements back with restore", at: location)
        case .unknown(let statement, let edited):
            let why = edited ? ", and it was changed since" : ""
            return SluiceError(
                "changelog.outcome-unknown", .stalled,
                "whether statement \(statement) of \(count) of \(name) took effect is not known\(why)",
                hint: "see explain-failure, look at the database, and say with resume --at where to go on",
                at: location)
        }
    }
}
