import Diagnostics
import Foundation
import GitClient

/// What Gerrit's JSON means. Pure.
extension GerritWire.Change {
    /// The commit of the present revision.
    var head: ObjectID? { current_revision.flatMap { ObjectID(exactly: $0) } }

    /// The number of the present revision.
    var patchSet: Int? { current_revision.flatMap { revisions?[$0]?._number } }

    /// The change as a candidate; nil when the answer names no commit.
    func candidate(at url: String) -> Candidate? {
        guard let head, let id = try? CandidateID(String(_number)), let target = try? RefName.branch(branch) else {
            return nil
        }
        let revision = current_revision.flatMap { revisions?[$0] }
        return Candidate(
            id: id, title: subject ?? revision?.commit?.subject ?? "", author: owner?.displayName, revision: head,
            targetBranch: target, created: GerritTime.date(created),
            updated: GerritTime.date(revision?.created ?? updated), webURL: "\(url)/c/\(project)/+/\(_number)",
            summary: revision?.commit?.message?.trimmedEnd, reference: reference)
    }

    /// The reference of the present revision: `refs/changes/07/4107/3`.
    private var reference: RefName? {
        if let written = current_revision.flatMap({ revisions?[$0]?.ref }), written.begins(with: "refs/changes/") {
            return try? RefName(written)
        }
        guard let patchSet else { return nil }
        let last = _number % 100
        return try? RefName("refs/changes/\(last < 10 ? "0" : "")\(last)/\(_number)/\(patchSet)")
    }

    /// What became of it, seen from one branch of one project; nil when an open one names no commit.
    func state(project: ProjectRef, branch name: RefName, at url: String) -> CandidateState? {
        switch status {
        case "NEW", "DRAFT":
            guard name.branchName == branch, project.path == self.project else { return .closed }
            return candidate(at: url).map(CandidateState.open)
        case "MERGED": return .merged(at: head)
        case "ABANDONED": return .closed
        default: return .notVisible(reason: "Gerrit calls its state \(SingleLine.of(status, limit: 40))")
        }
    }

    /// An account's vote on a label; 0 for none.
    func vote(on label: String, by account: ForgeAccount) -> Int {
        labels?[label]?.all?.first { $0._account_id.map(String.init) == account.id }?.value ?? 0
    }

    /// The last message of an account with a tag, on a revision if one is named.
    func message(tagged tag: String, by account: ForgeAccount, patchSet: Int? = nil) -> GerritWire.Message? {
        messages?.last {
            $0.tag == tag && $0.author.map { String($0._account_id) } == account.id
                && (patchSet == nil || $0._revision_number == patchSet)
        }
    }

    /// The words of an account's last verdict on a patch set, without what Gerrit puts before them. A vote that was given
    /// again without words is a message too, and no verdict.
    func said(by account: ForgeAccount, patchSet: Int) -> String? {
        messages?.last {
            $0.tag == GerritForge.tag && $0.author.map { String($0._account_id) } == account.id
                && $0._revision_number == patchSet && $0.message.map(GerritText.isVerdict) == true
        }?.message.map(GerritText.withoutPrefix)
    }

    /// The change as a merge request; nil when the answer names no commit.
    func mergeRequest(at url: String, account: ForgeAccount) -> MergeRequest? {
        guard let head, let id = try? CandidateID(String(_number)), let target = try? RefName.branch(branch) else {
            return nil
        }
        let isOurs = owner.map { String($0._account_id) } == account.id
        let message = current_revision.flatMap { revisions?[$0]?.commit?.message } ?? ""
        let state: MergeRequest.State =
            switch status {
            case "NEW", "DRAFT": .open
            case "MERGED": .merged(as: head)
            case "ABANDONED": .closed
            default: .unknown(status)
            }
        return MergeRequest(
            id: id, title: subject ?? "", body: GerritText.body(ofCommitMessage: message), state: state,
            source: isOurs ? topic.flatMap { try? RefName.branch($0) } : nil, target: target, head: head,
            mergeability: mergeability, labels: hashtags ?? [], isOurs: isOurs,
            webURL: "\(url)/c/\(project)/+/\(_number)")
    }

    private var mergeability: MergeRequest.Mergeability {
        if mergeable == false { return .conflicting }
        return switch submittable {
        case true?: .mergeable
        case false?: .blocked("submit requirements")
        case nil: .unknown("")
        }
    }
}

extension GerritWire.Account {
    /// The name it goes by.
    var displayName: String { username ?? name ?? email ?? String(_account_id) }
}

extension GerritWire.File {
    var change: CandidateFile.Change {
        switch status {
        case nil, "M", "W": .modified
        case "A": .added
        case "D": .deleted
        case "R": .renamed
        case "C": .copied
        default: .unknown
        }
    }
}

extension GerritWire.LabelDefinition {
    /// What lets a vote outlive the revision that it was given for.
    var hazards: [String] {
        var found: [String] = []
        // Without a change of content, parent and message the evidence is the same.
        if let condition = copy_condition, !["", "changekind:NO_CHANGE"].contains(condition) {
            found.append("votes are copied to later revisions where \(SingleLine.of(condition, limit: 200))")
        }
        if copy_any_score == true || copy_max_score == true { found.append("votes are copied to all later revisions") }
        if copy_all_scores_on_trivial_rebase == true {
            found.append("votes are copied when a change is rebased, on a base that was not judged")
        }
        if copy_all_scores_on_merge_first_parent_update == true {
            found.append("votes are copied when the first parent of a merge changes, on a base that was not judged")
        }
        return found
    }
}
