import DesiredState
import Foundation
import GitClient

/// What the status of a control repository says: how its branches stand, and what has to be remembered of them.
struct DriftStatus: Codable, Hashable {
    /// A branch with what was found.
    struct Branch: Codable, Hashable {
        var branch: String
        var upstream: String?
        var head: ObjectID?
        var ahead: Int
        var behind: Int
        var findings: [Finding]
        var gaps: [String]
        var hasDrift: Bool
    }

    /// Something that was found.
    struct Finding: Codable, Hashable {
        var kind: DriftFinding.Kind
        var sentence: String
        var commits: [ObjectID]
        var paths: [String]
        var accepted: Accepted?
    }

    /// Why and until when something is accepted.
    struct Accepted: Codable, Hashable {
        var reason: String
        var until: Date
    }

    var branches: [Branch]
    var drifted: [String]
    /// Where each branch stood when it was last seen with all its releases. One that lost releases is compared with what it
    /// had until they are back; other losses are said once. Where nobody can tell, somebody has to say that it is well.
    var whole: [String: ObjectID]
    var answered: [String: String]

    /// The most commits and paths of one finding that are written down.
    fileprivate static let listed = 50
}

extension DriftStatus {
    /// The status after a look.
    init(_ seen: WatchedBranches, answered: [String: String]) {
        let decision = DriftDecision(seen.observation, policy: seen.policy, at: seen.time)
        branches = decision.matrix.rows.map(Branch.init)
        drifted = decision.matrix.driftedBranches
        whole = Dictionary(
            seen.observation.branches.compactMap { branch in
                let before = seen.before[branch.name]
                let isMissed = branch.hasLostReleases || branch.isLossUnknown && !decision.acceptsLoss(of: branch.name)
                return (isMissed ? before : branch.head ?? before).map { (branch.name, $0) }
            }, uniquingKeysWith: { first, _ in first })
        // Drift that is over and comes again is asked about again.
        let wanted = Set(decision.actions.map(\.branch))
        self.answered = answered.filter { wanted.contains($0.key) }
    }

    /// Reads a status; nil when there is none that can be read, as before the first look.
    init?(_ status: JSONValue?) {
        guard let read = try? status?.decode(as: DriftStatus.self) else { return nil }
        self = read
    }

    /// What is new since an earlier status, in a sentence: what was found that nobody was told of, and branches that are in
    /// order again. Nil when nothing is.
    func news(since before: DriftStatus?) -> String? {
        let known = Set((before?.branches ?? []).flatMap { branch in branch.findings.flatMap { $0.marks(on: branch) } })
        let came = branches.flatMap { branch in
            branch.findings.filter { !$0.marks(on: branch).isSubset(of: known) }
                .map { "\(branch.branch): \($0.sentence)" }
        }
        let gone = Set(before?.drifted ?? []).subtracting(drifted).sorted()
        guard !came.isEmpty || !gone.isEmpty else { return nil }
        let more = came.count > 10 ? ["and \(came.count - 10) more"] : []
        let ended = gone.isEmpty ? [] : ["no drift any more on \(gone.joined(separator: ", "))"]
        return (came.prefix(10) + more + ended).joined(separator: "; ")
    }
}

extension DriftStatus.Finding {
    /// By what a finding is known again: each of its commits, or where there are none each of its files.
    fileprivate struct Mark: Hashable {
        let branch: String
        let kind: DriftFinding.Kind
        let what: String
    }

    /// The marks of what somebody should do something about; none of what is accepted, or ends by itself.
    fileprivate func marks(on branch: DriftStatus.Branch) -> Set<Mark> {
        guard accepted == nil, kind != .takenOver else { return [] }
        let what = commits.isEmpty ? paths : commits.map(\.hex)
        return Set((what.isEmpty ? [""] : what).map { Mark(branch: branch.branch, kind: kind, what: $0) })
    }
}

extension DriftStatus.Branch {
    fileprivate init(_ row: DriftMatrix.Row) {
        self.init(
            branch: row.branch, upstream: row.upstream, head: row.head, ahead: row.ahead, behind: row.behind,
            findings: row.findings.map(DriftStatus.Finding.init), gaps: row.gaps, hasDrift: row.hasDrift)
    }
}

extension DriftStatus.Finding {
    fileprivate init(_ finding: DriftFinding) {
        self.init(
            kind: finding.kind, sentence: finding.sentence, commits: Array(finding.commits.prefix(DriftStatus.listed)),
            paths: Array(finding.paths.prefix(DriftStatus.listed)),
            accepted: finding.acceptance.map { .init(reason: $0.reason, until: $0.until) })
    }
}
