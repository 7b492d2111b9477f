import Diagnostics
public import GitClient
import OutboundHTTP

/// Gitee, over its REST interface (v5).
///
/// A candidate is an open pull request, its id the number. A verdict is a label of a scope on the pull request and one
/// comment, edited in place, that names the commit: Gitee has no statuses of commits for everyone. A label without the
/// comment on the present commit is not believed.
public struct GiteeForge: Forge {
    /// The name in the desired state.
    public var name: String { api.access.name }
    /// All but earlier revisions of a candidate and statuses of commits.
    public let capabilities = Set(ForgeCapability.allCases).subtracting([.revisionHistory, .commitStatuses])

    let api: ForgeAPI
    let labels: VerdictLabels
    private let own: OwnAccount

    /// Makes a forge of an access.
    public init(_ access: ForgeAccess, label: String = "verified") {
        let api = ForgeAPI(
            access: access, base: access.url.appending(["api", "v5"]), headers: [("Accept", "application/json")],
            credential: { .init(field: "Authorization", value: Secret("Bearer \($0.reveal())"), of: $0) })
        self.api = api
        labels = VerdictLabels(scope: label)
        own = OwnAccount(access) {
            let me = try await api.send(.get, ["user"]).decoded(PullWire.User.self)
            return ForgeAccount(id: String(me.id), name: me.login)
        }
    }

    /// See ``ForgeConnection/account()``.
    public func account() async throws -> ForgeAccount { try await own.account() }
}

extension GiteeForge {
    /// See ``CandidateReading/openCandidates(project:branch:)``.
    public func openCandidates(project: ProjectRef, branch: RefName) async throws -> [Candidate] {
        try await api.openPulls(into: try api.require(branch.branchName, "a branch"), project, trim: \.trimmed)
            .map { try api.require($0.candidate, "the head of a pull request") }.sorted { $0.id < $1.id }
    }

    /// See ``CandidateReading/candidate(_:project:branch:)``. What is not found may as well be hidden from us.
    public func candidate(_ id: CandidateID, project: ProjectRef, branch: RefName) async throws -> CandidateState {
        guard let pull = try await api.pull(id, project) else {
            return .notVisible(reason: "Gitee shows no pull request of that number to our account")
        }
        return try api.require(pull.state(branch: branch), "the head of a pull request")
    }

    /// The present revision: Gitee lists no earlier ones.
    public func revisions(of candidate: CandidateID, project: ProjectRef) async throws -> [CandidateRevision] {
        guard let pull = try await api.pull(candidate, project) else { throw ForgeProblem.missing(candidate) }
        return [
            CandidateRevision(
                commit: try api.require(pull.headCommit, "the head of a pull request"),
                base: ObjectID(exactly: pull.base.sha), created: WebTime.date(pull.updated_at))
        ]
    }

    /// See ``CandidateReading/changedFiles(of:at:project:)``. Gitee lists three hundred files at most, on one page.
    public func changedFiles(
        of candidate: CandidateID, at revision: ObjectID, project: ProjectRef
    ) async throws -> [CandidateFile] {
        try await requireHead(of: candidate, at: revision, project)
        let found = try await api.find(
            [GiteeWire.File].self, ForgeAPI.repository(project, ["pulls", candidate.rawValue, "files"]))
        guard let files = found else { throw ForgeProblem.missing(candidate) }
        guard files.count < 300 else {
            throw ForgeProblem.cutList(name, "the pull request changes more files than Gitee lists")
        }
        // The list is of the present head, whichever that was while it was read.
        try await requireHead(of: candidate, at: revision, project)
        return files.map(\.file).sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private func requireHead(of id: CandidateID, at revision: ObjectID, _ project: ProjectRef) async throws {
        guard let pull = try await api.pull(id, project) else { throw ForgeProblem.missing(id) }
        guard pull.headCommit == revision else { throw ForgeProblem.moved(id, from: revision, to: pull.headCommit) }
    }

    /// See ``CandidateReading/branchHead(project:branch:)``.
    public func branchHead(project: ProjectRef, branch: RefName) async throws -> ObjectID? {
        let name = try api.require(branch.branchName, "a branch")
        let found = try await api.find(GiteeWire.Branch.self, ForgeAPI.repository(project, ["branches", name]))
        guard let found else {
            try await api.requireRepository(project)
            return nil
        }
        return try api.require(ObjectID(exactly: found.commit.sha), "the commit of a branch")
    }

    /// See ``CandidateReading/source(project:)``.
    public func source(project: ProjectRef) async throws -> ForgeSource {
        ForgeSource(
            remote: try GitRemote("\(api.address)/\(project.path).git"),
            refspecs: [try RefSpec("refs/heads/*", to: "refs/heads/*")],
            credential: GitCredential(user: try await account().name, password: try api.access.secret()))
    }
}

extension GiteeForge {
    /// See ``VerdictReporting/verdict(on:of:project:)``.
    public func verdict(
        on revision: ObjectID, of candidate: CandidateID, project: ProjectRef
    ) async throws -> VerdictReport? {
        guard let pull = try await api.pull(candidate, project) else { return nil }
        return try await standing(on: revision, of: candidate, in: pull, project)
    }

    private func standing(
        on revision: ObjectID, of candidate: CandidateID, in pull: PullWire.Pull, _ project: ProjectRef
    ) async throws -> VerdictReport? {
        let text = try await comments(.mergeRequest(candidate), try VerdictComment.marker(), project).comment()?.text
        guard let report = text.flatMap({ VerdictComment(text: $0, candidate: candidate)?.report }),
            report.revision == revision, labels.agree(with: report.verdict, in: pull.labelNames)
        else { return nil }
        return report
    }

    /// See ``VerdictReporting/report(_:project:)``.
    public func report(_ report: VerdictReport, project: ProjectRef) async throws -> ReportOutcome {
        guard let pull = try await api.pull(report.candidate, project), pull.isOpen,
            pull.headCommit == report.revision
        else { return .revisionMoved }
        if try await standing(on: report.revision, of: report.candidate, in: pull, project) == report {
            return .alreadyThere
        }
        _ = try await comments(.mergeRequest(report.candidate), try VerdictComment.marker(), project)
            .keep(VerdictComment(report).text)
        try await setLabel(of: report.verdict, on: report.candidate, having: pull.labelNames, project)
        guard let after = try await api.pull(report.candidate, project), after.headCommit == report.revision else {
            // What is said of the pull request as a whole was judged on another commit.
            let present = try await api.pull(report.candidate, project)?.labelNames ?? []
            try await setLabel(of: nil, on: report.candidate, having: present, project)
            return .revisionMoved
        }
        return .posted
    }

    /// Gitee's settings are not shown to everyone, and none of them asks for a label.
    public func verdictHazards(project: ProjectRef, branch: RefName) async throws -> [String] {
        ["pull requests can be merged without a verdict: Gitee has no rule that asks for a label"]
    }

    /// Puts the verdict's label in the place of the scope's others; nil takes all of them away. Other labels stay.
    private func setLabel(
        of verdict: Verdict?, on id: CandidateID, having present: [String], _ project: ProjectRef
    ) async throws {
        let obsolete = labels.obsolete(in: present, for: verdict)
        let wanted = verdict.map(labels.label(of:)).flatMap { present.contains($0) ? nil : $0 }
        // One by one, not the whole list: people put labels on it as well, in this very moment too.
        let path = ForgeAPI.repository(project, ["pulls", id.rawValue, "labels"])
        for label in obsolete { _ = try await api.send(.delete, path + [label], accepting: [404]) }
        if let wanted { _ = try await api.send(.post, path, body: [wanted]) }
    }
}
