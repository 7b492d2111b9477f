import Diagnostics
import SQLSyntax

extension Statement {
    /// Whether PostgreSQL refuses it inside a transaction.
    var isRefusedInTransaction: Bool {
        switch kind {
        case .createIndex(let index): index.isConcurrent
        case .drop(let drop): drop.kind == .index && drop.isConcurrent
        case .reindex(let isConcurrent): isConcurrent || verb.ends(with: "DATABASE") || verb.ends(with: "SYSTEM")
        case .vacuum: true
        case .cluster(let table): table == nil
        case .alterTable(let change):
            change.actions.contains {
                if case .detachPartition(_, let isConcurrent) = $0 { isConcurrent } else { false }
            }
        case .clusterWide:
            ["CREATE DATABASE", "DROP DATABASE", "ALTER SYSTEM", "CREATE TABLESPACE", "DROP TABLESPACE"].contains(verb)
        default: false
        }
    }

    /// Whether nothing speaks against a transaction around it. A new value of an enumeration cannot be used before the
    /// transaction ends, a procedure may end transactions itself, and the author of a setting or a lock has reasons.
    var isSurelyTransactional: Bool {
        switch kind {
        case .createTable, .createFilled, .rename, .move, .truncate, .change, .refresh, .query: true
        case .createIndex, .drop, .alterTable: !isRefusedInTransaction
        default: false
        }
    }

    /// Whether it changes rows that exist, perhaps many.
    var isBulkChange: Bool {
        guard case .change(let change) = kind else { return false }
        return change.verb != .insert
    }

    /// Whether it changes the structure of a table.
    var isSchemaChange: Bool {
        switch kind {
        case .alterTable, .createIndex, .drop, .rename, .move: true
        default: false
        }
    }
}
