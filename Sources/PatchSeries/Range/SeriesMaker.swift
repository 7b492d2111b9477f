import Diagnostics
public import GitClient

/// Makes a series of a range of commits, and proves it: nothing is handed out that does not give the head's tree.
public struct SeriesMaker {
    private let speculation: Speculation
    private let limits: SeriesLimits

    /// Works within one call of ``GitMirror/speculate(_:)``.
    public init(in speculation: Speculation, limits: SeriesLimits = SeriesLimits()) {
        self.speculation = speculation
        self.limits = limits
    }

    /// The series from a commit to one that contains it.
    ///
    /// Forms are tried in the policy's order, and the first one is taken whose patches, as text, lead to the head's tree.
    /// - Throws: `git.history-too-long`, `git.diff-too-large`, `patch.too-large` when there is too much;
    ///   `patch.series-unproven` when not even one patch for all gives the head's tree; `patch.path-invalid`.
    public func series(from cursor: ObjectID, through head: ObjectID, policy: SeriesPolicy) throws -> Series {
        let range = try speculation.commits(through: head, hiding: [cursor], limit: limits.commits)
        let old = try speculation.tree(of: cursor)
        let new = try speculation.tree(of: head)
        for form in policy.forms {
            guard let steps = try steps(form, range: range, from: cursor, through: head) else { continue }
            var patches: [SeriesPatch] = []
            var empty: [CommitLine] = []
            var bytes = 0
            var tree: ObjectID? = old
            for step in steps {
                guard let patch = try patch(of: step) else {
                    empty.append(try line(step.commit))
                    continue
                }
                bytes += patch.mail.count
                guard bytes <= limits.bytes else {
                    throw SluiceError("patch.too-large", .stalled, "the series has more than \(limits.bytes) bytes")
                }
                patches.append(patch)
                tree = try tree.flatMap { try applied(patch, to: $0) }
                if tree == nil { break }
            }
            guard tree == new else { continue }
            return Series(
                cursor: cursor, head: head, form: form, patches: patches, empty: empty, commits: range.count)
        }
        throw SluiceError(
            "patch.series-unproven", .stalled, "the patches of the range do not give the tree of its last commit",
            detail: "\(cursor)..\(head)")
    }

    /// The tree after a patch, made of the mail as it is sent; nil when it does not apply.
    private func applied(_ patch: SeriesPatch, to tree: ObjectID) throws -> ObjectID? {
        // The words of the commit must not be read as changes that nobody looked at.
        var whole = limits.patch
        whole.bytes = max(whole.bytes, patch.mail.count)
        let sent = try PatchReader(limits: whole).read(patch.mail, file: patch.commit.abbreviated)
        guard sent.withoutPlaces == patch.patch.withoutPlaces else { return nil }
        let source = TreeSource(tree, in: speculation, limits: limits.patch)
        let application = try PatchApplier(limits: limits.patch).apply(sent, to: source)
        return application.status == .clean ? try application.tree(from: tree, in: speculation) : nil
    }

    /// What becomes one patch: the change from one tree to another.
    private struct Step {
        let commit: GitCommit
        let before: ObjectID?
        let brought: [CommitLine]
        var isSquashed = false
    }

    /// The steps of a form, the oldest first; nil when the history has no such form.
    private func steps(
        _ form: SeriesForm, range: [GitCommit], from cursor: ObjectID, through head: ObjectID
    ) throws -> [Step]? {
        switch form {
        case .firstParent: return try firstParents(range: range, from: cursor, through: head)
        case .commits:
            return try range.reversed().filter { $0.parents.count < 2 }.map { commit in
                Step(commit: commit, before: try commit.parents.first.map(speculation.tree(of:)), brought: [])
            }
        case .squashed:
            guard let newest = range.first(where: { $0.id == head }) else { return [] }
            let brought = try range.reversed().map { try line($0) }
            return [Step(commit: newest, before: try speculation.tree(of: cursor), brought: brought, isSquashed: true)]
        }
    }

    /// The branch's own steps from the cursor on; nil when the cursor was never its head.
    private func firstParents(range: [GitCommit], from cursor: ObjectID, through head: ObjectID) throws -> [Step]? {
        let known = Dictionary(range.map { ($0.id, $0) }) { first, _ in first }
        var chain: [GitCommit] = []
        var next: ObjectID? = head
        while let id = next, id != cursor {
            guard let commit = known[id] else { return nil }
            chain.append(commit)
            next = commit.parents.first
        }
        guard next == cursor else { return nil }
        // Each other commit came with the oldest step that contains it.
        var seen = Set(chain.map(\.id))
        return try chain.reversed().map { commit in
            var brought: [GitCommit] = []
            var todo = Array(commit.parents.dropFirst())
            while let id = todo.popLast() {
                guard let other = known[id], seen.insert(id).inserted else { continue }
                brought.append(other)
                todo += other.parents
            }
            let order = Set(brought.map(\.id))
            let lines =
                brought.isEmpty ? [] : try range.reversed().filter { order.contains($0.id) }.map { try line($0) }
            return Step(commit: commit, before: try commit.parents.first.map(speculation.tree(of:)), brought: lines)
        }
    }

    private func patch(of step: Step) throws -> SeriesPatch? {
        guard step.before != step.commit.tree else { return nil }
        let difference = try speculation.patch(from: step.before, to: step.commit.tree, limits: limits.difference)
        let id = try step.before.flatMap { try speculation.patchID(from: $0, to: step.commit.tree) }
        guard !difference.isEmpty else { return nil }
        let text = try speculation.text(of: step.commit.id)
        let own = CommitWords(text, of: step.commit.id)
        let words = step.isSquashed ? own.squashed(step.brought) : own
        let patch = try PatchReader(limits: limits.patch).read(difference, file: step.commit.id.abbreviated)
        return SeriesPatch(
            commit: step.commit.id, words: words, seconds: text.seconds, brought: step.brought,
            patchID: try id ?? ObjectID(ofBlob: difference), patch: patch,
            mail: PatchMail.bytes(
                of: step.commit.id, text: text, words: words, difference: difference, patch: patch))
    }

    private func line(_ commit: GitCommit) throws -> CommitLine {
        CommitLine(id: commit.id, subject: CommitWords(try speculation.text(of: commit.id), of: commit.id).subject)
    }
}

extension CommitWords {
    /// How many commits are named in the message of a patch that stands for many.
    private static let named = 100

    /// The words of one patch for several commits, the newest of which these are of.
    fileprivate func squashed(_ commits: [CommitLine]) -> CommitWords {
        guard commits.count > 1 else { return self }
        var body = commits.prefix(Self.named).map { "\($0.id.abbreviated) \($0.subject)" }
        if commits.count > Self.named { body.append("and \(commits.count - Self.named) more") }
        return CommitWords(
            author: author, email: email, subject: "\(commits.count) commits through: \(subject)",
            body: body.joined(separator: "\n"))
    }
}
