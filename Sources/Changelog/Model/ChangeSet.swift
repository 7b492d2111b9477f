public import Diagnostics

/// One changeset: the unit that is applied once, in one transaction with its row in the books.
///
/// Properties are expanded in everything it holds. Its changes are still nodes; the change types give them meaning.
public struct ChangeSet: Sendable {
    /// What tells one changeset from all others: id, author and path together.
    ///
    /// They are compared as the books and Liquibase compare them, unit by unit: a letter with its accent as one character
    /// and as two are two ids.
    public struct Identity: Hashable, Sendable, CustomStringConvertible {
        /// The author's id, any text.
        public var id: String
        /// The author, any text.
        public var author: String
        /// The path as it stands in the books: as included, or the logical path.
        public var path: String

        /// Makes an identity.
        public init(id: String, author: String, path: String) {
            self.id = id
            self.author = author
            self.path = path
        }

        /// Whether all three have the same bytes.
        public static func == (left: Identity, right: Identity) -> Bool {
            left.id.utf8.elementsEqual(right.id.utf8) && left.author.utf8.elementsEqual(right.author.utf8)
                && left.path.utf8.elementsEqual(right.path.utf8)
        }

        /// Hashes the bytes.
        public func hash(into hasher: inout Hasher) {
            for text in [id, author, path] {
                var text = text
                text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
                hasher.combine(0xFF as UInt8)
            }
        }

        /// As Liquibase writes it: `path::id::author`.
        public var description: String { "\(path)::\(id)::\(author)" }
    }

    /// When a changeset is moved out of the document's order.
    public enum RunOrder: String, Sendable { case first, last }

    /// What happens when the checksum differs from the one in the books.
    public enum OnValidationFail: String, Sendable { case halt = "HALT", markRan = "MARK_RAN" }

    /// Which names are quoted.
    public enum QuotingStrategy: String, Sendable {
        case legacy = "LEGACY"
        case quoteAllObjects = "QUOTE_ALL_OBJECTS"
        case quoteOnlyReservedWords = "QUOTE_ONLY_RESERVED_WORDS"
    }

    /// How a changeset is taken back.
    public enum Rollback: Sendable {
        /// Nothing is written: the inverse of each change, where there is one.
        case automatic
        /// An empty rollback: nothing to do.
        case empty
        /// Changes that take it back, in order.
        case changes([ChangelogNode])
        /// SQL text that takes it back. Together with changes, or written twice, it is a `sql` node among them.
        case sql(String)
        /// The changes of another changeset, run again.
        case changeSet(Identity)
    }

    /// The names of a changeset's attributes and of its comment, in lower case.
    static let attributeNames: Set<String> = [
        "id", "author", "context", "contextfilter", "labels", "dbms", "runonchange", "runalways", "alwaysrun",
        "failonerror", "onvalidationfail", "runintransaction", "logicalfilepath", "objectquotingstrategy", "created",
        "runorder", "ignore", "runwith", "runwithspoolfile", "comment",
    ]

    /// Id, author and path.
    public var identity: Identity
    /// Where it begins.
    public var location: SourceLocation
    /// The context expression as written on the changeset itself; nil when none. The books have ``fullContext``.
    public var context: String?
    /// The context expressions of the changelog and of the includes above it, nearest first; all must hold.
    public var inheritedContexts: [String]
    /// The labels between commas, in lower case; nil when none. The books have ``fullLabels``.
    public var labels: String?
    /// Label lists of the includes above it, nearest first.
    public var inheritedLabels: [String]
    /// The `dbms` attribute; nil for all.
    public var dbms: String?
    /// Runs at every update.
    public var runAlways: Bool
    /// Runs again when its checksum changed.
    public var runOnChange: Bool
    /// One transaction for changes and row; false for statements that PostgreSQL refuses inside one.
    public var runInTransaction: Bool
    /// Whether a failure ends the update.
    public var failOnError: Bool
    /// Out-of-order placement.
    public var runOrder: RunOrder?
    /// Neither run nor recorded.
    public var ignore: Bool
    /// `created`, a free text.
    public var created: String?
    /// Which names are quoted.
    public var quoting: QuotingStrategy
    /// Checksums that are accepted beside the computed one (`any` accepts all).
    public var validCheckSums: [String]
    /// What happens when the checksum is not accepted.
    public var onValidationFail: OnValidationFail
    /// The comment, as it goes into the books.
    public var comment: String?
    /// The `preConditions` element; nil when none.
    public var preconditions: ChangelogNode?
    /// The changes in order: every child that is no attribute of changesets. In YAML and JSON a word that is neither
    /// (no children, no known change type) is ignored by Liquibase; everything else unknown is an error.
    public var changes: [ChangelogNode]
    /// How it is taken back.
    public var rollback: Rollback
    /// `modifySql` elements, applied to the generated statements.
    public var sqlModifications: [ChangelogNode]
    /// The executor it asks for, such as `psql`; nil for the ordinary one.
    public var runWith: String?
    /// The physical file it stands in (relative files are looked up from there).
    public var file: String
    /// The path it has without the logical path of an include above it. When the books know the changeset by this path,
    /// Liquibase keeps it, so that a logical path that is added later runs nothing twice.
    public var pathAsWritten: String
    /// The keys of local properties that are seen from here, nearest first.
    var propertyKeys: [String]

    /// Makes a changeset with Liquibase's defaults.
    public init(identity: Identity, location: SourceLocation) {
        self.identity = identity
        self.location = location
        context = nil
        inheritedContexts = []
        labels = nil
        inheritedLabels = []
        dbms = nil
        runAlways = false
        runOnChange = false
        runInTransaction = true
        failOnError = true
        runOrder = nil
        ignore = false
        created = nil
        quoting = .legacy
        validCheckSums = []
        onValidationFail = .halt
        comment = nil
        preconditions = nil
        changes = []
        rollback = .automatic
        sqlModifications = []
        runWith = nil
        file = location.file
        pathAsWritten = identity.path
        propertyKeys = []
    }
}
