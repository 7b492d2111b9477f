import GitClient

/// What two branches have each that the other lacks.
struct Divergence {
    /// The branch.
    let head: ObjectID
    /// The one that it gets releases from.
    let upstream: ObjectID
    /// Commits that the branch has and its upstream lacks, children before their parents.
    let mine: [GitCommit]
    /// Commits that the upstream has and the branch lacks, children before their parents.
    let theirs: [GitCommit]

    /// - Throws: `git.history-too-long` beyond the limit.
    init(of head: ObjectID, from upstream: ObjectID, in trial: Speculation, limit: Int) throws {
        self.head = head
        self.upstream = upstream
        mine = try trial.commits(through: head, hiding: [upstream], limit: limit)
        theirs = try trial.commits(through: upstream, hiding: [head], limit: limit)
    }

    /// The newest commit of the upstream's own line that the branch contains; nil when it contains none.
    var promoted: ObjectID? { Self.firstOutside(of: theirs, from: upstream) }

    /// What was done to the branch itself, commit by commit and merge by merge, newest first.
    var line: [GitCommit] { Self.line(from: head, within: mine) }

    /// The commits of a branch's own line as long as they are among some.
    static func line(from head: ObjectID, within commits: [GitCommit]) -> [GitCommit] {
        let known = Dictionary(commits.map { ($0.id, $0) }) { first, _ in first }
        return Array(sequence(first: known[head]) { $0?.parents.first.flatMap { known[$0] } }.prefix { $0 != nil })
            .compactMap(\.self)
    }

    private static func firstOutside(of commits: [GitCommit], from head: ObjectID) -> ObjectID? {
        let line = line(from: head, within: commits)
        return line.isEmpty ? head : line.last?.parents.first
    }
}
