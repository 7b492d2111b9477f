import Diagnostics
public import GitClient
import OutboundHTTP

/// A GitLab server, over its REST interface (v4).
///
/// A candidate is an open merge request, its id the number in its project. A verdict is a commit status on the exact
/// commit, a label of a scope on the merge request, for people who look at lists, and one comment, edited in place. A label
/// stands on the merge request and not on the commit: it is seen until the next verdict replaces it.
public struct GitLabForge: Forge {
    /// The name in the desired state.
    public var name: String { api.access.name }
    /// All there is.
    public let capabilities = Set(ForgeCapability.allCases)

    let api: ForgeAPI
    let statusContext: String
    let labels: VerdictLabels
    private let own: OwnAccount

    /// Makes a forge of an access.
    public init(_ access: ForgeAccess, statusContext: String = "sluice/verified", label: String = "verified") {
        let api = ForgeAPI(
            access: access, base: access.url.appending(["api", "v4"]), headers: [("Accept", "application/json")],
            credential: { .init(field: "PRIVATE-TOKEN", value: $0) })
        self.api = api
        self.statusContext = statusContext
        labels = VerdictLabels(scope: label)
        own = OwnAccount(access) {
            let me = try await api.send(.get, ["user"]).decoded(GitLabWire.User.self)
            return ForgeAccount(id: String(me.id), name: me.username ?? me.name ?? String(me.id))
        }
    }

    /// See ``ForgeConnection/account()``.
    public func account() async throws -> ForgeAccount { try await own.account() }

    /// `projects/group%2Fland/…`.
    static func path(_ project: ProjectRef, _ rest: [String]) -> [String] { ["projects", project.path] + rest }

    func found(_ id: CandidateID, _ project: ProjectRef) async throws -> GitLabWire.MergeRequest? {
        guard let number = id.number else { return nil }
        return try await api.find(
            GitLabWire.MergeRequest.self, Self.path(project, ["merge_requests", number]))
    }

    func requireProject(_ project: ProjectRef) async throws {
        guard try await api.find(GitLabWire.Project.self, Self.path(project, [])) != nil else {
            throw ForgeProblem.missing(project, on: name)
        }
    }
}

extension GitLabForge {
    /// See ``CandidateReading/openCandidates(project:branch:)``. A merge request without a commit is no candidate yet.
    public func openCandidates(project: ProjectRef, branch: RefName) async throws -> [Candidate] {
        let target = try api.require(branch.branchName, "a branch")
        // Ordered by what does not change, so that pages do not shift while they are read.
        let found = try await api.pages(
            GitLabWire.MergeRequest.self, Self.path(project, ["merge_requests"]),
            query: [
                ("state", "opened"), ("target_branch", target), ("order_by", "created_at"), ("sort", "asc"),
                ("scope", "all"),
            ], key: { String($0.iid) }, trim: \.trimmed, missing: { ForgeProblem.missing(project, on: name) })
        return found.filter { $0.state == "opened" && $0.target_branch == target }
            .compactMap(\.candidate).sorted { $0.id < $1.id }
    }

    /// See ``CandidateReading/candidate(_:project:branch:)``. What is not found may as well be hidden from us.
    public func candidate(_ id: CandidateID, project: ProjectRef, branch: RefName) async throws -> CandidateState {
        guard let found = try await found(id, project) else {
            return .notVisible(reason: "GitLab shows no merge request of that number to our account")
        }
        return found.state(branch: branch)
    }

    /// See ``CandidateReading/revisions(of:project:)``: the versions of the merge request.
    public func revisions(of candidate: CandidateID, project: ProjectRef) async throws -> [CandidateRevision] {
        let versions = try await versions(of: candidate, project).reversed()
        return try versions.enumerated().map { index, version in
            CandidateRevision(
                number: index + 1,
                commit: try api.require(
                    version.head_commit_sha.flatMap { ObjectID(exactly: $0) }, "the commit of a version"),
                base: version.base_commit_sha.flatMap { ObjectID(exactly: $0) },
                created: WebTime.date(version.created_at))
        }
    }

    /// See ``CandidateReading/changedFiles(of:at:project:)``.
    public func changedFiles(
        of candidate: CandidateID, at revision: ObjectID, project: ProjectRef
    ) async throws -> [CandidateFile] {
        let version = try await versions(of: candidate, project).first { $0.head_commit_sha == revision.hex }
        guard let version else { throw ForgeProblem.moved(candidate, from: revision, to: nil) }
        let path = Self.path(project, ["merge_requests", candidate.rawValue, "versions", String(version.id)])
        guard let whole = try await api.find(GitLabWire.Version.self, path) else {
            throw ForgeProblem.missing(candidate)
        }
        let files = try api.require(whole.diffs, "the files of a version").map(\.file)
        guard whole.state?.begins(with: "overflow") != true, files.count < 1000 else {
            throw ForgeProblem.cutList(name, "the merge request changes more files than GitLab lists")
        }
        return files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private func versions(of id: CandidateID, _ project: ProjectRef) async throws -> [GitLabWire.Version] {
        guard let number = id.number else { throw ForgeProblem.missing(id) }
        return try await api.pages(
            GitLabWire.Version.self, Self.path(project, ["merge_requests", number, "versions"]),
            key: { String($0.id) }, missing: { ForgeProblem.missing(id) })
    }

    /// See ``CandidateReading/branchHead(project:branch:)``.
    public func branchHead(project: ProjectRef, branch: RefName) async throws -> ObjectID? {
        let path = Self.path(project, ["repository", "branches", try api.require(branch.branchName, "a branch")])
        guard let found = try await api.find(GitLabWire.Branch.self, path) else {
            try await requireProject(project)
            return nil
        }
        return try api.require(ObjectID(exactly: found.commit.id), "the commit of a branch")
    }

    /// See ``CandidateReading/source(project:)``.
    public func source(project: ProjectRef) async throws -> ForgeSource {
        ForgeSource(
            remote: try GitRemote("\(api.address)/\(project.path).git"),
            refspecs: [try RefSpec("refs/heads/*", to: "refs/heads/*")],
            credential: GitCredential(user: "oauth2", password: try api.access.secret()))
    }
}
