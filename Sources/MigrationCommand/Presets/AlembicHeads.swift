/// The heads that `alembic heads --verbose` lists.
struct AlembicHeads: Hashable {
    /// One head.
    struct Head: Hashable {
        var revision: String
        /// The path of its file in the content.
        var file: String
    }

    var heads: [Head] = []

    init(_ output: MigrationOutput) {
        for line in output.outputLines {
            if line.hasPrefix("Rev: ") {
                let words = line.dropFirst("Rev: ".count).split(separator: " ")
                heads.append(Head(revision: words.first.map(String.init) ?? "", file: ""))
            } else if line.hasPrefix("Path: "), let last = heads.indices.last, heads[last].file.isEmpty {
                heads[last].file = output.contentPath(line.dropFirst("Path: ".count))
            }
        }
    }

    /// What is wrong when there is more than one.
    func failure(isMerged: Bool) -> MigrationFailure? {
        guard heads.count > 1 else { return nil }
        let revisions = Set(heads.map(\.revision))
        let place = isMerged ? " after a merge with the target branch" : ""
        if revisions.count < heads.count, let twice = heads.first {
            return MigrationFailure(
                .heads, "the revision \(twice.revision) is there more than once\(place)",
                hint: "give one of the files another revision", file: twice.file)
        }
        let list = heads.map { "\($0.revision) (\($0.file))" }.sorted().joined(separator: " and ")
        return MigrationFailure(
            .heads, "Multiple head revisions\(place): \(list)",
            hint: isMerged
                ? "rebase and set the down_revision of your first revision to the target branch's head, or rebase and "
                    + "run `alembic merge heads`"
                : "run `alembic merge heads`, or put one revision behind the other")
    }

    /// What is wrong when `alembic current` does not say that the database is at the head: each line is a revision, and
    /// `(head)` stands behind one that is.
    static func staleDatabase(_ output: MigrationOutput) -> MigrationFailure? {
        let behind = output.outputLines.filter { line in
            line.wholeMatch(of: /[A-Za-z0-9_.-]{1,64}( \([a-z]+\))*/) != nil && !line.hasSuffix("(head)")
        }
        guard let first = behind.first else { return nil }
        return MigrationFailure(
            .notAtHead, "alembic upgrade ended well, and the database is at revision \(first), which is no head",
            hint: "have it upgrade to head: alembic upgrade head")
    }
}
