/// One changelog file as read: its top-level elements, nothing resolved.
struct ChangelogDocument: Sendable {
    var format: ChangelogFormat
    /// The attributes and elements of `databaseChangeLog`.
    var nodes: [ChangelogNode]
}

extension ChangelogFormat {
    /// Children of a changeset whose text is taken literally. Formatted SQL does not expand properties in its comments,
    /// a plain SQL file nowhere.
    func isLiteral(_ child: String) -> Bool {
        switch self {
        case .xml, .yaml, .json: false
        case .formattedSQL: child == "comment" || child == "validCheckSum"
        case .plainSQL: true
        }
    }
}
