import Diagnostics
public import GitClient
import OutboundHTTP

extension GitHubForge {
    /// See ``VerdictReporting/verdict(on:of:project:)``.
    public func verdict(
        on revision: ObjectID, of candidate: CandidateID, project: ProjectRef
    ) async throws -> VerdictReport? {
        let text = try await comments(.mergeRequest(candidate), try VerdictComment.marker(), project).comment()?.text
        guard let report = text.flatMap({ VerdictComment(text: $0, candidate: candidate)?.report }),
            report.revision == revision, try await isMarked(report, project)
        else { return nil }
        return report
    }

    /// Whether the status or the check run on the commit says the same.
    private func isMarked(_ report: VerdictReport, _ project: ProjectRef) async throws -> Bool {
        if try await app() != nil {
            let run = try await checkRun(on: report.revision, project)
            return run?.verdict == report.verdict && run?.output?.title == report.summary
        }
        let status = try await ownStatus(statusContext, on: report.revision, project)
        return status?.state == report.verdict.statusState.gitHubWord
    }

    /// See ``VerdictReporting/report(_:project:)``.
    public func report(_ report: VerdictReport, project: ProjectRef) async throws -> ReportOutcome {
        guard try await isCurrent(report, project) else { return .revisionMoved }
        if try await verdict(on: report.revision, of: report.candidate, project: project) == report {
            return .alreadyThere
        }
        if try await app() != nil {
            try await mark(report, project)
        } else {
            let status = CommitStatus(
                context: statusContext, state: report.verdict.statusState, summary: report.summary)
            _ = try await set(status, on: report.revision, project: project)
        }
        _ = try await comments(.mergeRequest(report.candidate), try VerdictComment.marker(), project)
            .keep(VerdictComment(report).text)
        // Status and comment name their commit: what has arrived meanwhile is not judged by them.
        return try await isCurrent(report, project) ? .posted : .revisionMoved
    }

    private func isCurrent(_ report: VerdictReport, _ project: ProjectRef) async throws -> Bool {
        let pull = try await api.pull(report.candidate, project)
        return pull?.isOpen == true && pull?.headCommit == report.revision
    }

    /// Makes the check run say what the report says.
    private func mark(_ report: VerdictReport, _ project: ProjectRef) async throws {
        let path = ForgeAPI.repository(project, ["check-runs"])
        // A run that is completed does not begin again: another one is made, and the last one counts.
        if let run = try await checkRun(on: report.revision, project),
            run.status != "completed" || report.verdict != .unknown
        {
            let edit = GitHubWire.CheckRunEdit(report, name: statusContext, isNew: false)
            _ = try await api.send(.patch, path + [String(run.id)], body: edit)
        } else {
            _ = try await api.send(
                .post, path, body: GitHubWire.CheckRunEdit(report, name: statusContext, isNew: true))
        }
    }

    /// Our own latest check run on a commit.
    private func checkRun(on commit: ObjectID, _ project: ProjectRef) async throws -> GitHubWire.CheckRun? {
        let slug = try await app()
        let runs = try await api.find(
            GitHubWire.CheckRuns.self, ForgeAPI.repository(project, ["commits", commit.hex, "check-runs"]),
            query: [("check_name", statusContext), ("filter", "latest"), ("per_page", "100")])
        return runs?.check_runs.filter { $0.name == statusContext && $0.app?.slug == slug }.max { $0.id < $1.id }
    }

    /// See ``VerdictReporting/verdictHazards(project:branch:)``.
    public func verdictHazards(project: ProjectRef, branch: RefName) async throws -> [String] {
        let name = ForgeAPI.parts(try api.require(branch.branchName, "a branch"))
        let found = try await api.find(
            GitHubWire.Branch.self, ForgeAPI.repository(project, ["branches"] + name))
        guard let found, let isProtected = found.protected else { return [] }
        guard isProtected else { return ["pull requests can be merged without a verdict: the branch is not protected"] }
        guard let contexts = found.protection?.required_status_checks?.contexts, !contexts.contains(statusContext)
        else { return [] }
        return ["pull requests can be merged without a verdict: \(statusContext) is no required status of the branch"]
    }
}

extension GitHubForge {
    /// See ``CommitStatusKeeping/statuses(on:project:)``.
    public func statuses(on commit: ObjectID, project: ProjectRef) async throws -> [CommitStatus] {
        let found = try await wireStatuses(on: commit, project)
        let latest = Dictionary(found.map { ($0.context ?? "", $0) }) { $0.id > $1.id ? $0 : $1 }
        return latest.values.map(\.commitStatus).sorted { $0.context < $1.context }
    }

    /// See ``CommitStatusKeeping/set(_:on:project:)``.
    public func set(_ status: CommitStatus, on commit: ObjectID, project: ProjectRef) async throws -> Bool {
        if let there = try await ownStatus(status.context, on: commit, project),
            there.state == status.state.gitHubWord, there.commitStatus.summary == status.summary,
            there.commitStatus.webURL == status.webURL
        {
            return false
        }
        let answer = try await api.send(
            .post, ForgeAPI.repository(project, ["statuses", commit.hex]),
            body: GitHubWire.NewStatus(
                state: status.state.gitHubWord, context: status.context, description: status.summary,
                target_url: status.webURL),
            accepting: [404, 422])
        if answer.status == 404 || answer.words.holds("No commit found") {
            throw ForgeProblem.missing(commit: commit)
        }
        if answer.status == 422 { throw answer.refused() }
        return true
    }

    private func ownStatus(
        _ context: String, on commit: ObjectID, _ project: ProjectRef
    ) async throws -> GitHubWire.Status? {
        let account = try await account()
        return try await wireStatuses(on: commit, project)
            .filter { $0.context == context && $0.creator.map { String($0.id) } == account.id }.max { $0.id < $1.id }
    }

    private func wireStatuses(on commit: ObjectID, _ project: ProjectRef) async throws -> [GitHubWire.Status] {
        try await api.pages(
            GitHubWire.Status.self, ForgeAPI.repository(project, ["commits", commit.hex, "statuses"]),
            key: { String($0.id) }, missing: { ForgeProblem.missing(commit: commit) })
    }
}
