import GitClient

/// What was seen of branches that have not moved since: a sweep over a quiet repository reads nothing but its references.
actor DriftSightings {
    /// All that a look at one branch depends on.
    struct Key: Hashable {
        let line: DriftLine
        let head: ObjectID?
        let upstream: ObjectID?
        let downstream: ObjectID?
        /// Where the branch stood before, when it has moved since.
        private var before: ObjectID?

        init(_ line: DriftLine, heads: [String: ObjectID], before: ObjectID?) {
            self.line = line
            head = heads[line.branch]
            upstream = line.upstream.flatMap { heads[$0] }
            downstream = line.downstream.flatMap { heads[$0] }
            self.before = before == head ? nil : before
        }

        /// The key for the looks to come when nothing was lost: they have no earlier place to compare with.
        var settled: Key {
            var key = self
            key.before = nil
            return key
        }
    }

    private var branches: [String: [Key: DriftObservation.Branch]] = [:]

    /// What is known of a repository's branches.
    func known(of repository: String) -> [Key: DriftObservation.Branch] { branches[repository] ?? [:] }

    /// Keeps what was seen of a repository, in the place of what was known.
    func keep(_ seen: [Key: DriftObservation.Branch], of repository: String) { branches[repository] = seen }

    /// Forgets a repository.
    func forget(_ repository: String) { branches[repository] = nil }
}
