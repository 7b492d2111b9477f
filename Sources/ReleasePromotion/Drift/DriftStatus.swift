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

    /// What is remembered of a branch.
    struct Memory: Codable, Hashable {
        var head: ObjectID
        var comparedThrough: ObjectID?
        var handMade: [Merge]
    }

    /// A merge that was not what its parents give.
    struct Merge: Codable, Hashable {
        var id: ObjectID
        var subject: String
        var author: String
        var paths: [String]
        var resolvesConflict: Bool
    }

    var branches: [Branch]
    var drifted: [String]
    var memory: [String: Memory]
    var answered: [String: String]

    /// The most commits, paths and merges of one branch that are written down.
    fileprivate static let listed = 50
}

extension DriftStatus {
    /// The status after a look.
    init(_ seen: WatchedBranches, answered: [String: String]) {
        let matrix = DriftDecision(seen.observation, policy: seen.policy, at: seen.time).matrix
        branches = matrix.rows.map(Branch.init)
        drifted = matrix.driftedBranches
        memory = Dictionary(
            seen.observation.branches.compactMap { branch in
                DriftMemory.after(branch, seen.memory[branch.name]).map { (branch.name, Memory($0)) }
            }, uniquingKeysWith: { first, _ in first })
        let watched = Set(seen.observation.branches.map(\.name))
        self.answered = answered.filter { watched.contains($0.key) }
    }

    /// Reads a status; nil when there is none that can be read, as before the first look.
    init?(_ status: JSONValue?) {
        guard let read = try? status?.decode(as: DriftStatus.self) else { return nil }
        self = read
    }

    /// What is remembered of the branches.
    var remembered: [String: DriftMemory] { memory.mapValues(DriftMemory.init) }

    /// What became different since an earlier status, in a sentence; nil when nothing did.
    func news(since before: DriftStatus?) -> String? {
        let (old, new) = (Set(before?.drifted ?? []), Set(drifted))
        guard old != new else { return nil }
        let came = new.subtracting(old).sorted()
        let sentences = came.compactMap { name in
            branches.first { $0.branch == name }?.findings.first { $0.accepted == nil }.map {
                "\(name): \($0.sentence)"
            }
        }
        let gone = old.subtracting(new).sorted()
        let ended = gone.isEmpty ? [] : ["no drift any more on \(gone.joined(separator: ", "))"]
        return (sentences.prefix(10) + ended).joined(separator: "; ")
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

extension DriftStatus.Memory {
    fileprivate init(_ memory: DriftMemory) {
        self.init(
            head: memory.head, comparedThrough: memory.comparedThrough,
            handMade: memory.handMade.prefix(DriftStatus.listed).map {
                DriftStatus.Merge(
                    id: $0.commit.id, subject: $0.commit.subject, author: $0.commit.author,
                    paths: Array($0.paths.prefix(200)), resolvesConflict: $0.resolvesConflict)
            })
    }
}

extension DriftMemory {
    fileprivate init(_ memory: DriftStatus.Memory) {
        self.init(
            head: memory.head, comparedThrough: memory.comparedThrough,
            handMade: memory.handMade.map {
                HandMadeMerge(
                    CommitNote(id: $0.id, subject: $0.subject, author: $0.author), paths: $0.paths,
                    resolvesConflict: $0.resolvesConflict)
            })
    }
}
