public import DesiredState
public import Foundation
import GitClient

/// Judges what was seen of the branches: what is drift, what is accepted, and what to do about the rest. Pure.
public struct DriftDecision: Hashable, Sendable {
    /// Something that is done about drift.
    public enum Action: Hashable, Sendable {
        /// A merge request that brings what differs on a branch into the first stage, whence releases carry it everywhere.
        case takeBack(branch: String, paths: [String])
        /// A merge request of a branch's upstream into it, which carries reverts on and changes no file.
        case sync(upstream: String, branch: String)

        /// The branch that it is about.
        public var branch: String {
            switch self {
            case .takeBack(let branch, _), .sync(_, let branch): branch
            }
        }
    }

    /// The branches.
    public let matrix: DriftMatrix
    /// What the policy has done, in the order of the branches.
    public let actions: [Action]

    /// Decides.
    ///
    /// - Parameter time: Exceptions that have run out by then are none.
    public init(_ seen: DriftObservation, policy: DriftPolicy, at time: Date) {
        let rows = seen.branches.map { branch in
            Self.row(of: branch, accepting: policy.ignore.filter { $0.until > time })
        }
        matrix = DriftMatrix(rows: rows)
        actions = zip(seen.branches, rows).compactMap { Self.action(for: $0, $1, policy.response) }
    }

    /// Whether somebody has accepted that a branch was set back or pushed over.
    func acceptsLoss(of branch: String) -> Bool {
        matrix[branch]?.findings.contains { $0.kind == .rewound && $0.acceptance != nil } ?? false
    }

    private static func row(
        of branch: DriftObservation.Branch, accepting exceptions: [DriftPolicy.Exception]
    ) -> DriftMatrix.Row {
        let exceptions = exceptions.filter { BranchPattern($0.branch).matches(branch.name) }
        // File by file: what is accepted stays so whatever else happens on the branch, and the other way round.
        let whole = exceptions.firstIndex { $0.path == nil }
        let findings = ([nil] + exceptions.indices.map(\.self)).flatMap { index in
            let found = DriftFindings(branch) { path in exceptions.firstIndex { $0.covers(path) } == index }
            let exception = index.map { exceptions[$0] }
            return ((index == whole ? found.ofBranch : []) + found.ofFiles).map { $0.accepted(by: exception) }
        }
        return DriftMatrix.Row(
            branch: branch.name, upstream: branch.upstream, head: branch.head, ahead: branch.ahead,
            behind: branch.behind, findings: findings.inOrder, gaps: branch.gaps)
    }

    private static func action(
        for branch: DriftObservation.Branch, _ row: DriftMatrix.Row, _ response: DriftPolicy.Response
    ) -> Action? {
        let open = row.findings.filter(\.isOpen)
        switch response {
        case .report: return nil
        case .takeBack:
            let kinds: Set<DriftFinding.Kind> = [.ownCommits, .evilMerge, .content]
            let paths = Set(open.filter { kinds.contains($0.kind) }.flatMap(\.paths))
            return branch.upstream == nil || paths.isEmpty
                ? nil
                : .takeBack(
                    branch: branch.name, paths: paths.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }))
        case .sync:
            // A merge that changes files would release what is on its way, without anybody's approval.
            guard let upstream = branch.upstream, branch.isSyncHarmless,
                open.contains(where: { $0.kind == .unsyncedReverts })
            else { return nil }
            return .sync(upstream: upstream, branch: branch.name)
        }
    }
}

extension DriftPolicy.Exception {
    /// Whether the exception is about a file. One that names a path covers what is at or below it, and nothing that is
    /// about the branch as a whole.
    fileprivate func covers(_ file: String) -> Bool {
        guard let path else { return true }
        return file.utf8.elementsEqual(path.utf8) || file.utf8.starts(with: "\(path)/".utf8)
    }
}

extension DriftFinding {
    fileprivate func accepted(by exception: DriftPolicy.Exception?) -> DriftFinding {
        let acceptance = exception.map { Acceptance(reason: $0.reason, until: $0.until) }
        return DriftFinding(kind: kind, commits: commits, paths: paths, sentence: sentence, acceptance: acceptance)
    }
}
