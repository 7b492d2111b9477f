/// How much of the books there is by the time at which a changelog is refused.
public enum BooksExtent: Sendable {
    /// The table of changesets: Liquibase asks it for every included file that it has read.
    case table
    /// Both tables: all files have been read, and a changeset turned out to be invalid.
    case both
}
