import Diagnostics

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
            if line.begins(with: "Rev: ") {
                let words = line.dropFirst("Rev: ".count).words(at: " ")
                heads.append(Head(revision: words.first.map(String.init) ?? "", file: ""))
            } else if line.begins(with: "Path: "), let last = heads.indices.last, heads[last].file.isEmpty {
                heads[last].file = output.contentPath(line.dropFirst("Path: ".count))
            }
        }
    }

    /// What is wrong when there is more than one.
    func failure(isMerged: Bool) -> MigrationFailure? {
        guard heads.count > 1 else { return nil }
        var seen: Set<String> = []
        let place = isMerged ? " after a merge with the target branch" : ""
        if let twice = heads.first(where: { !seen.insert($0.revision).inserted }) {
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

    /// Whether a content has revisions, when these are the heads of what a merge with it gives.
    func haveRevisions(in content: [MigrationFile]) -> Bool {
        let folders = Set(heads.map { Self.folder(of: $0.file) })
        return content.contains { file in
            file.path.ends(with: ".py") && !file.path.ends(with: "/__init__.py")
                && folders.contains(Self.folder(of: file.path))
        }
    }

    private static func folder(of file: String) -> Substring {
        file[..<(file.unicodeScalars.lastIndex(of: "/") ?? file.startIndex)]
    }

    /// What is wrong when `alembic current` does not say that the database is at the head: each line is a revision, and
    /// `(head)` stands behind one that is. A database without revisions has no line.
    ///
    /// - Parameter expectsRevision: Whether there are revisions, so that a database must have one.
    static func staleDatabase(_ output: MigrationOutput, expectsRevision: Bool) -> MigrationFailure? {
        let revisions = output.outputLines.filter { $0.wholeMatch(of: /[A-Za-z0-9_.-]{1,64}( \([a-z]+\))*/) != nil }
        let behind = revisions.first { !$0.ends(with: "(head)") }
        guard behind != nil || (expectsRevision && revisions.isEmpty) else { return nil }
        let place = behind.map { "revision \($0), which is no head" } ?? "no revision at all"
        return MigrationFailure(
            .notAtHead, "alembic upgrade ended well, and the database is at \(place)",
            hint: "have it upgrade to head: alembic upgrade head")
    }
}
