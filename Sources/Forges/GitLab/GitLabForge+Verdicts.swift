import Diagnostics
public import GitClient
import OutboundHTTP

extension GitLabForge {
    /// See ``VerdictReporting/verdict(on:of:project:)``.
    public func verdict(
        on revision: ObjectID, of candidate: CandidateID, project: ProjectRef
    ) async throws -> VerdictReport? {
        guard let found = try await found(candidate, project) else { return nil }
        return try await standing(on: revision, of: candidate, in: found, project).agreed
    }

    /// The parts of a verdict as they stand.
    private struct Standing {
        let comment: VerdictReport?
        let status: CommitStatus?
        let hasLabel: Bool

        /// The verdict that all parts agree on.
        var agreed: VerdictReport? {
            guard let comment, hasLabel, status?.state == comment.verdict.statusState else { return nil }
            return comment
        }
    }

    private func standing(
        on revision: ObjectID, of candidate: CandidateID, in found: GitLabWire.MergeRequest, _ project: ProjectRef
    ) async throws -> Standing {
        let text = try await comments(.mergeRequest(candidate), try VerdictComment.marker(), project).comment()?.text
        let comment = text.flatMap { VerdictComment(text: $0, candidate: candidate)?.report }
        guard let comment, comment.revision == revision else {
            return Standing(comment: nil, status: nil, hasLabel: false)
        }
        return Standing(
            comment: comment, status: try await ownStatus(statusContext, on: revision, project)?.commitStatus,
            hasLabel: labels.agree(with: comment.verdict, in: found.labels ?? []))
    }

    /// See ``VerdictReporting/report(_:project:)``.
    public func report(_ report: VerdictReport, project: ProjectRef) async throws -> ReportOutcome {
        guard let found = try await found(report.candidate, project), found.state == "opened",
            found.head == report.revision
        else { return .revisionMoved }
        if try await standing(on: report.revision, of: report.candidate, in: found, project).agreed == report {
            return .alreadyThere
        }
        let status = CommitStatus(
            context: statusContext, state: report.verdict.statusState, summary: report.summary)
        // The status of a fork's commit belongs to no branch of this project.
        let isOwnBranch = found.source_project_id == nil || found.source_project_id == found.target_project_id
        _ = try await set(
            status, on: report.revision, project: project, branch: isOwnBranch ? found.source_branch : nil)
        _ = try await comments(.mergeRequest(report.candidate), try VerdictComment.marker(), project)
            .keep(VerdictComment(report).text)
        try await setLabel(of: report.verdict, on: report.candidate, having: found.labels ?? [], project)
        guard let after = try await self.found(report.candidate, project), after.head == report.revision else {
            // What is said of the merge request as a whole was judged on another commit.
            try await setLabel(of: nil, on: report.candidate, having: Verdict.allCases.map(labels.label(of:)), project)
            return .revisionMoved
        }
        return .posted
    }

    /// See ``VerdictReporting/verdictHazards(project:branch:)``.
    public func verdictHazards(project: ProjectRef, branch: RefName) async throws -> [String] {
        let found = try await api.find(GitLabWire.Project.self, Self.path(project, []))
        guard found?.only_allow_merge_if_pipeline_succeeds == false else { return [] }
        return ["merge requests can be merged without a verdict: the project does not ask for a successful pipeline"]
    }

    /// Puts the verdict's label in the place of the scope's others; nil takes all of them away.
    private func setLabel(
        of verdict: Verdict?, on id: CandidateID, having present: [String], _ project: ProjectRef
    ) async throws {
        let obsolete = labels.obsolete(in: present, for: verdict)
        let wanted = verdict.map(labels.label(of:)).flatMap { present.contains($0) ? nil : $0 }
        guard let number = id.number, wanted != nil || !obsolete.isEmpty else { return }
        let path = Self.path(project, ["merge_requests", number])
        let answer = try await api.send(
            .put, path,
            body: GitLabWire.MergeRequestEdit(
                add_labels: wanted, remove_labels: obsolete.isEmpty ? nil : obsolete.joined(separator: ",")),
            accepting: [400])
        // Servers before 13.0 know the whole list only: they miss a field, or leave alone what they do not know.
        var labels = answer.status == 400 ? nil : try answer.decoded(GitLabWire.MergeRequest.self).labels ?? []
        if labels == nil { labels = try await found(id, project)?.labels }
        guard let labels else { throw ForgeProblem.missing(id) }
        let right = labels.filter { !obsolete.contains($0) && $0 != wanted } + (wanted.map { [$0] } ?? [])
        guard Set(right) != Set(labels) else { return }
        _ = try await api.send(
            .put, path, body: GitLabWire.MergeRequestEdit(labels: right.joined(separator: ",")))
    }
}

extension GitLabForge {
    /// See ``CommitStatusKeeping/statuses(on:project:)``.
    public func statuses(on commit: ObjectID, project: ProjectRef) async throws -> [CommitStatus] {
        let found = try await wireStatuses(on: commit, context: nil, project)
        // The last one of a context counts.
        let latest = Dictionary(found.map { ($0.name ?? "", $0) }) { $0.id > $1.id ? $0 : $1 }
        return latest.values.map(\.commitStatus).sorted { $0.context < $1.context }
    }

    /// See ``CommitStatusKeeping/set(_:on:project:)``.
    public func set(_ status: CommitStatus, on commit: ObjectID, project: ProjectRef) async throws -> Bool {
        try await set(status, on: commit, project: project, branch: nil)
    }

    func set(
        _ status: CommitStatus, on commit: ObjectID, project: ProjectRef, branch: String?
    ) async throws -> Bool {
        if try await ownStatus(status.context, on: commit, project)?.commitStatus == status { return false }
        let answer = try await api.send(
            .post, Self.path(project, ["statuses", commit.hex]),
            body: GitLabWire.NewStatus(
                state: status.state.gitLabWord, name: status.context, description: status.summary,
                target_url: status.webURL, ref: branch),
            accepting: [400, 404])
        switch answer.status {
        case 404: throw ForgeProblem.missing(commit: commit)
        // GitLab refuses a step from a state into itself, whatever the words are.
        case 400 where answer.words.holds("Cannot transition status"): return false
        case 400: throw answer.refused()
        default: return true
        }
    }

    /// The latest status of a context that our own account has set.
    private func ownStatus(
        _ context: String, on commit: ObjectID, _ project: ProjectRef
    ) async throws -> GitLabWire.Status? {
        let account = try await account()
        return try await wireStatuses(on: commit, context: context, project)
            .filter { $0.name == context && $0.author.map { String($0.id) } == account.id }
            .max { $0.id < $1.id }
    }

    private func wireStatuses(
        on commit: ObjectID, context: String?, _ project: ProjectRef
    ) async throws -> [GitLabWire.Status] {
        try await api.pages(
            GitLabWire.Status.self, Self.path(project, ["repository", "commits", commit.hex, "statuses"]),
            query: context.map { [("name", $0)] } ?? [], key: { String($0.id) },
            missing: { ForgeProblem.missing(commit: commit) })
    }
}
