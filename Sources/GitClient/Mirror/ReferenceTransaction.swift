import CLibgit2
import Diagnostics
import Glibc

/// Moves references under their locks. The locks are git's own files, so git and other processes respect them.
struct ReferenceTransaction {
    let repository: OpaquePointer

    /// How often, and how many microseconds apart, a lock that somebody else holds is asked for.
    private static let attempts = 50
    private static let pause: UInt32 = 10_000

    /// Locks, compares, writes. Nothing is written unless all comparisons hold.
    func apply(_ updates: [ReferenceUpdate]) throws {
        for attempt in 1...Self.attempts {
            do {
                return try applyOnce(updates)
            } catch let error as SluiceError where error.code == "git.reference-locked" && attempt < Self.attempts {
                // The thread is the mirror's own: nobody else is held up.
                usleep(Self.pause)
            }
        }
    }

    private func applyOnce(_ updates: [ReferenceUpdate]) throws {
        try Libgit2.with(
            "starting a reference transaction", make: { git_transaction_new(&$0, repository) },
            free: git_transaction_free
        ) { transaction in
            for update in updates.sorted(by: { $0.reference < $1.reference }) {
                let name = update.reference.rawValue
                try Libgit2.check(git_transaction_lock_ref(transaction, name), "locking \(name)")
            }
            for update in updates { try compare(update) }
            for update in updates where update.old != update.new { try stage(update, in: transaction) }
            try Libgit2.check(git_transaction_commit(transaction), "writing references")
        }
    }

    private func compare(_ update: ReferenceUpdate) throws {
        let current = try Libgit2.target(of: update.reference, in: repository)
        guard current == update.old else {
            throw SluiceError(
                "git.reference-moved", .conflict, "the reference was changed meanwhile",
                detail: "\(update.reference) is at \(current?.hex ?? "none"), expected \(update.old?.hex ?? "none")")
        }
    }

    private func stage(_ update: ReferenceUpdate, in transaction: OpaquePointer) throws {
        let name = update.reference.rawValue
        guard let new = update.new else {
            try Libgit2.check(git_transaction_remove(transaction, name), "deleting \(name)")
            return
        }
        try Libgit2.requireObject(new, in: repository)
        var raw = new.raw
        try Libgit2.check(git_transaction_set_target(transaction, name, &raw, nil, "sluice"), "moving \(name)")
    }
}

extension Libgit2 {
    /// Whether the repository has an object, of whatever type.
    static func hasObject(_ id: ObjectID, in repository: OpaquePointer) throws -> Bool {
        try with(
            "opening the object database", make: { git_repository_odb(&$0, repository) }, free: git_odb_free
        ) { database in
            var raw = id.raw
            return git_odb_exists(database, &raw) == 1
        }
    }

    static func requireObject(_ id: ObjectID, in repository: OpaquePointer) throws {
        guard try hasObject(id, in: repository) else {
            throw SluiceError(
                "git.object-missing", .transient, "the repository lacks an object", detail: "object \(id)")
        }
    }
}
