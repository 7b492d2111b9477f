import Diagnostics
import Foundation
import GitClient

/// The commit that brings a series into a package, on top of the package's branch. The same patches on the same branch
/// give the same commit, whoever makes it.
struct PatchCommit {
    let parent: ObjectID
    let changes: [TreeChange]
    let message: String
    let date: Date

    /// - Parameters:
    ///   - tracking: The name of the upstream.
    ///   - head: The commit of upstream that the patches lead to.
    init(
        _ change: PackageChange, on parent: ObjectID, title: String, tracking: String, head: ObjectID, date: Date
    ) {
        self.parent = parent
        changes = change.changes
        message = "\(title)\n\n\(Self.name): \(tracking)\n\(Self.commit): \(head)\n"
        self.date = date
    }

    /// Makes it, where a reference shall point at it or only to know its name.
    func make(in trial: Speculation) throws -> ObjectID {
        let tree = try trial.makeTree(try trial.tree(of: parent), changing: changes)
        return try trial.makeCommit(tree: tree, parents: [parent], message: message, by: .sluice(at: date))
    }

    private static let name = "Upstream-Tracking"
    private static let commit = "Upstream-Commit"

    /// The commit of upstream that one of our commits leads to; nil when it is none of ours for this upstream.
    static func covered(by commit: GitCommit, tracking: String) -> ObjectID? {
        guard commit.committer.isSluice else { return nil }
        let lines = commit.message.words(at: "\n")
        guard lines.contains("\(name): \(tracking)"),
            let line = lines.last(where: { $0.begins(with: "\(Self.commit): ") })
        else { return nil }
        return line.rest(after: "\(Self.commit): ").flatMap { ObjectID(exactly: $0) }
    }
}

extension Speculation {
    /// What stands on the branch of an upstream: up to where our own commit on it leads, and whether people have put commits
    /// of theirs on it.
    ///
    /// What the package had before is not looked at: it may hold our commits of earlier merge requests.
    /// - Parameters:
    ///   - package: The package's branch; nil when there is none.
    ///   - base: The commit of the package that our commit was made on; nil when nobody knows.
    func sight(
        of head: ObjectID, tracking: String, package: ObjectID?, base: ObjectID?
    ) throws -> TrackingObservation.Branch {
        let isInPackage = try package.map { try isAncestor(head, of: $0) } ?? false
        let known = isInPackage ? base : package
        var covered: ObjectID?
        var steps = 0
        try walkFirstParents(from: head) { commit in
            if steps > 0 {
                guard let known, try contains(known) else { return false }
                if try isAncestor(commit.id, of: known) { return false }
            }
            covered = PatchCommit.covered(by: commit, tracking: tracking)
            if covered == nil { steps += 1 }
            // Nobody puts that many commits on a branch like this: it is another one.
            return covered == nil && steps < 500
        }
        return TrackingObservation.Branch(
            head: head, covered: covered, hasForeignCommits: steps > 0, isInPackage: isInPackage)
    }
}
