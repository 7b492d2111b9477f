import Diagnostics
import GitClient

/// The errors that all adapters have in common, so that the same thing is said in the same words.
enum ForgeProblem {
    static func missing(_ id: CandidateID) -> SluiceError {
        SluiceError(
            "forge.candidate-missing", .stalled, "there is no candidate \(id) to be seen",
            hint: "it was deleted, or our account may not see it")
    }

    static func missing(_ id: IssueID) -> SluiceError {
        SluiceError(
            "forge.issue-missing", .stalled, "there is no issue \(id) to be seen",
            hint: "it was deleted, or our account may not see it")
    }

    static func missing(commit: ObjectID) -> SluiceError {
        SluiceError("forge.commit-missing", .stalled, "the project has no commit \(commit.abbreviated)")
    }

    static func missing(branch: RefName, of project: ProjectRef) -> SluiceError {
        SluiceError(
            "forge.branch-missing", .stalled, "the project \(project) has no \(branch)",
            hint: "push the branch, or correct its name")
    }

    static func moved(_ id: CandidateID, from expected: ObjectID, to head: ObjectID?) -> SluiceError {
        SluiceError(
            "forge.head-moved", .conflict, "\(id) no longer stands at \(expected.abbreviated)",
            detail: "expected \(expected), found \(head?.hex ?? "another one")")
    }

    static func moved(_ branch: RefName, from expected: ObjectID?, to head: ObjectID?) -> SluiceError {
        let place = expected.map { "at \($0.abbreviated)" } ?? "absent"
        return SluiceError(
            "forge.branch-moved", .conflict, "\(branch) is not \(place), as it was expected to be",
            detail: "expected \(expected?.hex ?? "none"), found \(head?.hex ?? "none")")
    }

    static func merged(_ id: CandidateID) -> SluiceError {
        SluiceError("forge.candidate-merged", .conflict, "\(id) was merged meanwhile")
    }

    static func closed(_ id: CandidateID) -> SluiceError {
        SluiceError(
            "forge.candidate-closed", .stalled, "\(id) was closed without a merge", hint: "open it again to go on")
    }

    static func missing(_ project: ProjectRef, on forge: String) -> SluiceError {
        SluiceError(
            "forge.project-missing", .stalled, "the forge \(forge) shows us no project \(project)",
            hint: "check its path, and that our account may read it")
    }

    static func cutList(_ forge: String, _ reason: String) -> SluiceError {
        SluiceError(
            "forge.list-incomplete", .stalled, "a list of the forge \(forge) is cut off: \(reason)",
            hint: "the content itself comes by git and is not affected")
    }

    static func refusedMerge(_ what: String, _ words: String) -> SluiceError {
        SluiceError(
            "forge.merge-refused", .stalled, "the forge refuses to merge \(what)",
            hint: "its page on the forge says which rule forbids it", detail: words)
    }

    static func pendingMerge(_ id: CandidateID) -> SluiceError {
        SluiceError(
            "forge.merge-pending", .transient, "the forge has not decided yet whether \(id) can be merged")
    }

    static func protected(_ branch: RefName, _ words: String) -> SluiceError {
        SluiceError(
            "forge.branch-protected", .stalled, "a rule of the forge forbids to delete \(branch)", detail: words)
    }

    static func conflicting(_ id: String) -> SluiceError {
        SluiceError(
            "forge.merge-conflict", .stalled, "\(id) cannot be merged by a machine: both sides changed the same lines",
            hint: "rebase it, or merge by hand")
    }
}
