import CLibgit2
import Diagnostics

extension GitMirror {
    /// The most bytes of a note that are read.
    public static let noteLimit = 1 << 20

    /// The note on a commit in a notes reference such as `refs/notes/verified`, as `git log --notes` shows it; nil when
    /// there is none.
    /// - Throws: `git.object-too-large` above ``noteLimit``; `git.reference-broken`.
    public func note(on commit: ObjectID, in notes: RefName) throws -> String? {
        let repository = try repository()
        guard let head = try Libgit2.target(of: notes, in: repository) else { return nil }
        return try NoteReader(repository: repository).note(on: commit, at: head)
    }

    /// Writes a commit's note if the note still is what the caller has read.
    ///
    /// Notes that others write on other commits meanwhile are kept. While the note goes into its place, the references
    /// in `holding` are locked where they are, so "write this only while the candidate stands at that commit" is exact.
    /// - Parameters:
    ///   - text: The new note.
    ///   - commit: The commit it is on.
    ///   - notes: The notes reference.
    ///   - expected: The note as it was read; nil for none.
    ///   - author: Who writes it.
    ///   - holding: References that must stand at these objects.
    /// - Throws: `git.note-moved` when somebody else has changed this note; `git.reference-moved` when a reference in
    ///   `holding` stands elsewhere; `git.reference-locked` when others hold a lock for too long.
    public func setNote(
        _ text: String, on commit: ObjectID, in notes: RefName, replacing expected: String?, by author: GitSignature,
        holding: [RefName: ObjectID] = [:]
    ) throws {
        let repository = try repository()
        let held = holding.map { ReferenceUpdate($0.key, from: $0.value, to: $0.value) }
        for _ in 0..<32 {
            let head = try Libgit2.target(of: notes, in: repository)
            let current = try head.flatMap { try NoteReader(repository: repository).note(on: commit, at: $0) }
            guard sameBytes(current, expected) else {
                throw SluiceError(
                    "git.note-moved", .conflict, "the note on the commit was changed meanwhile",
                    detail: "\(notes) on \(commit)")
            }
            let new = try NoteWriter(repository: repository, author: author).commit(text, on: commit, after: head)
            do {
                let move = ReferenceUpdate(notes, from: head, to: new)
                return try ReferenceTransaction(repository: repository).apply(held + [move])
            } catch let error as SluiceError where error.code == "git.reference-moved" {
                for (reference, id) in holding where try Libgit2.target(of: reference, in: repository) != id {
                    throw error
                }
            }
        }
        throw SluiceError(
            "git.reference-locked", .transient, "the notes are being written by others again and again",
            detail: "\(notes)")
    }

    private func sameBytes(_ left: String?, _ right: String?) -> Bool {
        switch (left, right) {
        case (nil, nil): true
        case (let left?, let right?): left.utf8.elementsEqual(right.utf8)
        default: false
        }
    }
}

/// Finds notes in the tree of a notes commit.
private struct NoteReader {
    let repository: OpaquePointer

    /// The note's text. git spreads many notes over directories named by the first digits; both forms may be mixed.
    func note(on commit: ObjectID, at head: ObjectID) throws -> String? {
        var tree = try Libgit2.treeID(ofCommit: head, in: repository)
        var rest = commit.hex
        while !rest.isEmpty {
            if let blob = try entry(rest, of: tree, type: GIT_OBJECT_BLOB) {
                let bytes = try Libgit2.blob(blob, in: repository, limit: GitMirror.noteLimit)
                return String(decoding: bytes, as: UTF8.self)
            }
            guard let next = try entry(String(rest.prefix(2)), of: tree, type: GIT_OBJECT_TREE) else { return nil }
            tree = next
            rest.removeFirst(2)
        }
        return nil
    }

    private func entry(_ name: String, of tree: ObjectID, type: git_object_t) throws -> ObjectID? {
        try Libgit2.withTree(tree, in: repository) { tree in
            guard let entry = git_tree_entry_byname(tree, name), git_tree_entry_type(entry) == type else { return nil }
            return ObjectID(git_tree_entry_id(entry))
        }
    }
}

/// Makes notes commits. Nothing points at them until a reference is moved.
private struct NoteWriter {
    let repository: OpaquePointer
    let author: GitSignature

    func commit(_ text: String, on commit: ObjectID, after head: ObjectID?) throws -> ObjectID {
        try Libgit2.withSignature(author) { signature in
            guard let head else { return try create(text, on: commit, parent: nil, signature) }
            return try Libgit2.withCommit(head, in: repository) {
                try create(text, on: commit, parent: $0, signature)
            }
        }
    }

    private func create(
        _ text: String, on commit: ObjectID, parent: OpaquePointer?, _ signature: UnsafePointer<git_signature>
    ) throws -> ObjectID {
        var made = git_oid()
        var raw = commit.raw
        try Libgit2.check(
            git_note_commit_create(&made, nil, repository, parent, signature, signature, &raw, text, 1),
            "writing a note")
        guard let id = ObjectID(made) else { throw Libgit2.failure(GIT_ERROR.rawValue, "writing a note") }
        return id
    }
}
