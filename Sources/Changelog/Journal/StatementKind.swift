import PostgresClient

/// What it takes to know whether a statement took effect, of a changeset that is no transaction.
enum StatementKind: Sendable, Hashable {
    /// It may stand in a transaction. So it runs in one, together with its entry in the journal, and is never in doubt.
    case transactional
    /// It does the same when it runs twice.
    case repeatable
    /// It sets something for the session, and is repeated when another session goes on.
    case session
    /// `CREATE INDEX CONCURRENTLY`: the catalogs know how far it came.
    case createIndex(IndexStatement)
    /// `DROP INDEX CONCURRENTLY` of one index.
    case dropIndex(String)
    /// Nobody can tell afterwards.
    case opaque

    /// Looks at a statement.
    init(_ statement: SQLStatement) {
        guard statement.role == .statement else {
            self = .opaque
            return
        }
        let parts = SQLScript.statements(of: statement.text).map { Self.kind(of: String($0.text)) }
        if parts.count == 1, let only = parts.first {
            self = only
        } else {
            // The server runs several at once as one transaction.
            self = parts.allSatisfy { $0 == .transactional } ? .transactional : .opaque
        }
    }

    /// Whether others are waited for without holding anybody up.
    var isConcurrent: Bool {
        switch self {
        case .createIndex, .dropIndex: true
        default: false
        }
    }

    private static func kind(of text: String) -> StatementKind {
        let head = StatementHead(text)
        let words = head.words(3)
        let object = words.dropFirst().first ?? ""
        switch words.first ?? "" {
        case "insert", "update", "delete", "merge", "with", "select", "values", "table", "truncate", "comment", "grant",
            "revoke", "refresh", "security", "import", "reassign", "notify":
            return .transactional
        case "create", "drop":
            if head.contains("concurrently"), let kind = concurrent(text) { return kind }
            return isClusterWide(object) ? .opaque : .transactional
        case "alter":
            if object == "system" { return .repeatable }
            return isClusterWide(object) || head.contains("concurrently") ? .opaque : .transactional
        case "do":
            // A block may commit, and so may what it calls.
            let lower = text.lowercased()
            return ["commit", "rollback", "call"].contains(where: lower.contains) ? .opaque : .transactional
        case "set", "reset", "load", "listen", "unlisten": return object == "local" ? .repeatable : .session
        case "show", "vacuum", "analyze", "cluster", "checkpoint", "reindex", "begin", "start", "commit", "end",
            "rollback", "abort", "savepoint", "release", "discard", "lock":
            return .repeatable
        default: return .opaque
        }
    }

    private static func concurrent(_ text: String) -> StatementKind? {
        if let index = IndexStatement(text) { return index.isConcurrent ? .createIndex(index) : nil }
        var head = StatementHead(text)
        if head.take("drop", "index", "concurrently") {
            _ = head.take("if", "exists")
            if let name = head.takeName(), head.isAtEnd || head.take("restrict") || head.take("cascade") {
                return .dropIndex(name)
            }
            return .opaque
        }
        return head.take("create", "index", "concurrently") || head.take("create", "unique", "index", "concurrently")
            ? .opaque : nil
    }

    private static func isClusterWide(_ object: String) -> Bool {
        ["database", "tablespace", "subscription"].contains(object)
    }
}
