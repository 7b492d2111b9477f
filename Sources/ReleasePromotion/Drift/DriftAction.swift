import DesiredState
import Diagnostics
public import GitClient
public import Reconciliation
public import StateStore

/// Something that is done about drift. Each is found again by the name of its branch.
public enum DriftAction: PlannedAction, Hashable {
    /// A merge request that brings what differs on a branch into the first stage. The change names it.
    case takeBack(branch: String, head: ObjectID, into: String, at: ObjectID, paths: [String], change: ObjectID)
    /// A merge request of a branch's upstream into it.
    case sync(branch: String, upstream: String, head: ObjectID)
    /// A merge request of these that nobody needs any more is closed, and its branch deleted.
    case withdraw(DriftBranchName, head: ObjectID)

    /// What is recorded of it.
    public var task: PlannedTask {
        switch self {
        case .takeBack(let branch, let head, let stage, _, let paths, _):
            PlannedTask(
                "drift.take-back", target: branch,
                details: [
                    "head": .string(head.hex), "into": .string(stage),
                    "paths": .array(paths.prefix(50).map { .string($0) }),
                ])
        case .sync(let branch, let upstream, let head):
            PlannedTask("drift.sync", target: branch, details: ["from": .string(upstream), "head": .string(head.hex)])
        case .withdraw(let name, let head):
            PlannedTask("drift.withdraw", target: name.description, details: ["head": .string(head.hex)])
        }
    }

    /// The short-lived branch that it is about.
    var branchName: DriftBranchName {
        switch self {
        case .takeBack(let branch, _, _, _, _, let change): DriftBranchName(.takeBack, about: branch, at: change)
        case .sync(let branch, _, let head): DriftBranchName(.sync, about: branch, at: head)
        case .withdraw(let name, _): name
        }
    }

    /// What has been answered once this is done.
    func answer(after answered: [String: String]) -> [String: String] {
        var answered = answered
        if case .withdraw = self { return answered }
        answered[branchName.about] = branchName.description
        return answered
    }
}

/// The name of a short-lived branch about drift: `takeback_zone02_1a2b3c4d`. The same drift always has the same name, also
/// when releases have moved the branch on.
///
/// r10k makes an environment of every branch but those whose prefixes it is told to leave out.
public struct DriftBranchName: Hashable, Sendable, CustomStringConvertible {
    /// What the branch carries.
    public enum Purpose: String, Hashable, Sendable, CaseIterable {
        /// Drift, into the first stage.
        case takeBack = "takeback"
        /// Reverts, into the branch that lacks them.
        case sync = "driftsync"
    }

    /// What it carries.
    public let purpose: Purpose
    /// The long-lived branch that it is about.
    public let about: String
    /// The first eight digits of the change that is taken back, or of the commit that is merged.
    public let mark: String

    /// Names the branch for drift of `about`, by a change or a commit.
    public init(_ purpose: Purpose, about: String, at change: ObjectID) {
        self.purpose = purpose
        self.about = about
        mark = String(change.hex.prefix(8))
    }

    /// Reads a name; nil for those of other branches.
    public init?(_ name: String) {
        guard let purpose = Purpose.allCases.first(where: { name.begins(with: "\($0.rawValue)_") }),
            let rest = name.rest(after: "\(purpose.rawValue)_")
        else { return nil }
        guard let last = rest.unicodeScalars.lastIndex(of: "_") else { return nil }
        let mark = rest[rest.unicodeScalars.index(after: last)...]
        guard !rest[..<last].isEmpty, mark.utf8.count == 8, mark.allSatisfy(\.isHexDigit) else { return nil }
        self.purpose = purpose
        about = String(rest[..<last])
        self.mark = String(mark)
    }

    /// The name.
    public var description: String { "\(purpose.rawValue)_\(about)_\(mark)" }
}
