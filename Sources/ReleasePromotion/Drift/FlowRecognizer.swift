import Diagnostics
import GitClient

/// Tells the commits that take a merge back from all others, and those that the flow made from those of people.
///
/// A message alone proves nothing, so the change is looked at as well: it must be the exact opposite of a merge that the
/// branch contains.
struct FlowRecognizer {
    private let trial: Speculation

    init(_ trial: Speculation) { self.trial = trial }

    /// The merge that a commit takes back, of those that `head` contains; nil when it takes none back.
    func takenBack(by commit: GitCommit, on head: ObjectID) throws -> GitCommit? {
        guard commit.parents.count < 2, let merge = try revertedMerge(of: commit, on: head),
            try isOpposite(commit, merge)
        else { return nil }
        return merge
    }

    /// Whether a commit that takes a merge back is the flow's: it says of which release.
    func isRecorded(_ commit: GitCommit) -> Bool { ReleaseMessage.read(commit.message)?.purpose == .rollback }

    /// The merge that the message says is taken back, when `head` contains it.
    private func revertedMerge(of commit: GitCommit, on head: ObjectID) throws -> GitCommit? {
        for id in RevertMessage.revertedCommits(commit.message) {
            guard let reverted = try? trial.commit(id), reverted.parents.count > 1,
                try trial.isAncestor(reverted.id, of: head)
            else { continue }
            return reverted
        }
        return nil
    }

    /// Whether one commit does the exact opposite of what a merge did to its first parent.
    func isOpposite(_ commit: GitCommit, _ merge: GitCommit) throws -> Bool {
        guard let before = commit.parents.first, let mainline = merge.parents.first else { return false }
        let change = try trial.patchID(from: trial.tree(of: before), to: commit.tree)
        return try change != nil && change == trial.patchID(from: merge.tree, to: trial.tree(of: mainline))
    }
}

/// What git and code hosts write into the message of a revert.
enum RevertMessage {
    /// Whether a message looks like one of a revert.
    static func saysSo(_ message: String) -> Bool {
        message.begins(with: "Revert ") || message.exactRange(of: "This reverts ") != nil
    }

    /// The commits that a message says are taken back; at most ten.
    static func revertedCommits(_ message: String) -> [ObjectID] {
        let mark = "This reverts commit "
        var found: [ObjectID] = []
        for line in message.words(at: "\n") where found.count < 10 {
            guard let start = line.exactRange(of: mark) else { continue }
            let digits = line[start.upperBound...].prefix { $0.isHexDigit }
            if let id = ObjectID(exactly: digits.lowercased()) { found.append(id) }
        }
        return found
    }
}
