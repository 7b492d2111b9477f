/// One kind of change, such as `createTable`: what an author writes, and what it means on PostgreSQL.
///
/// A type decodes itself from a node and gives SQL text; it does no I/O and knows no connection. Each field that it
/// reads from the decoder is known from then on, and goes into the checksum unless it says otherwise: so the list of a
/// type's fields is written once. Other modules add types of their own through ``ChangeTypeRegistry``.
public protocol Change: Sendable {
    /// The element's name.
    static var name: String { get }

    /// Reads the fields. Mistakes are noted in the decoder, and reading goes on.
    init(from decoder: inout ChangeDecoder)

    /// The statements, in order, in the text that Liquibase sends to PostgreSQL.
    func statements(_ dialect: SQLDialect) throws -> [SQLStatement]

    /// The statements that take the change back; nil when it cannot be taken back by itself.
    func inverse(_ dialect: SQLDialect) throws -> [SQLStatement]?

    /// The databases that the change is for, as in `dbms`; nil for all.
    var dbms: String? { get }

    /// Whether it is for the operating system of this machine.
    var isForThisSystem: Bool { get }

    /// The change in a few words, as it goes into the books.
    func description(of record: ChangeRecord) -> String

    /// The change's part of its changeset's checksum.
    func checksum(of record: ChangeRecord, version: Checksum.Version) -> Checksum
}

extension Change {
    /// No inverse.
    public func inverse(_ dialect: SQLDialect) throws -> [SQLStatement]? { nil }

    /// For every database.
    public var dbms: String? { nil }

    /// For every operating system.
    public var isForThisSystem: Bool { true }

    /// Its name, and the names it deals with.
    public func description(of record: ChangeRecord) -> String { record.description }

    /// The digest of its fields.
    public func checksum(of record: ChangeRecord, version: Checksum.Version) -> Checksum {
        Checksum.of(record.serialized, version: version)
    }
}
