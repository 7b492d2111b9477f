import Diagnostics
public import GitClient
import OutboundHTTP

/// GitHub or a GitHub Enterprise server, over its REST interface.
///
/// A candidate is an open pull request, its id the number. A verdict is a commit status on the exact commit (a check run
/// when we are an App) and one comment, edited in place.
public struct GitHubForge: Forge {
    /// The name in the desired state.
    public var name: String { api.access.name }
    /// All but earlier revisions of a candidate, which GitHub does not list.
    public let capabilities = Set(ForgeCapability.allCases).subtracting([.revisionHistory])

    let api: ForgeAPI
    let statusContext: String
    private let own: OwnAccount

    /// Makes a forge of an access. `github.com` has its interface at a host of its own, other servers below a path.
    public init(_ access: ForgeAccess, statusContext: String = "sluice/verified") throws {
        let isPublic = access.url.host == "github.com"
        let root = isPublic ? try OutboundURL("https://api.github.com/") : access.url.appending(["api"])
        let base = isPublic ? root : root.appending(["v3"])
        func api(at base: OutboundURL) -> ForgeAPI {
            ForgeAPI(
                access: access, base: base,
                headers: [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")],
                credential: { .init(field: "Authorization", value: Secret("Bearer \($0.reveal())"), of: $0) },
                // Its secondary limits come without header fields, with the status of missing rights.
                limitWords: "rate limit")
        }
        let (rest, graph) = (api(at: base), api(at: root))
        self.api = rest
        self.statusContext = statusContext
        own = OwnAccount(access) {
            let answer = try await rest.send(.get, ["user"], accepting: [403])
            if answer.status < 300 {
                let me = try answer.decoded(PullWire.User.self)
                return ForgeAccount(id: String(me.id), name: me.login)
            }
            // An App's installation is no user, and is told who it is by the other interface only.
            let query = GitHubWire.Query(query: "query { viewer { login databaseId } }")
            let viewer = try await graph.send(.post, ["graphql"], body: query).decoded(GitHubWire.Viewer.self)
                .data.viewer
            return ForgeAccount(id: viewer.databaseId.map(String.init) ?? viewer.login, name: viewer.login)
        }
    }

    /// See ``ForgeConnection/account()``.
    public func account() async throws -> ForgeAccount { try await own.account() }

    /// The short name of the App that we are; nil for a user.
    func app() async throws -> String? {
        let name = try await account().name
        return name.ends(with: "[bot]") ? name.trimmingSuffix("[bot]") : nil
    }
}

extension GitHubForge {
    /// See ``CandidateReading/openCandidates(project:branch:)``.
    public func openCandidates(project: ProjectRef, branch: RefName) async throws -> [Candidate] {
        try await api.openPulls(into: try api.require(branch.branchName, "a branch"), project, trim: \.trimmed)
            .map { try api.require($0.candidate, "the head of a pull request") }.sorted { $0.id < $1.id }
    }

    /// See ``CandidateReading/candidate(_:project:branch:)``. What is not found may as well be hidden from us.
    public func candidate(_ id: CandidateID, project: ProjectRef, branch: RefName) async throws -> CandidateState {
        guard let pull = try await api.pull(id, project) else {
            return .notVisible(reason: "GitHub shows no pull request of that number to our account")
        }
        return try api.require(pull.state(branch: branch), "the head of a pull request")
    }

    /// The present revision: GitHub lists no earlier ones.
    public func revisions(of candidate: CandidateID, project: ProjectRef) async throws -> [CandidateRevision] {
        guard let pull = try await api.pull(candidate, project) else { throw ForgeProblem.missing(candidate) }
        return [
            CandidateRevision(
                commit: try api.require(pull.headCommit, "the head of a pull request"),
                base: ObjectID(exactly: pull.base.sha), created: WebTime.date(pull.updated_at))
        ]
    }

    /// See ``CandidateReading/changedFiles(of:at:project:)``. GitHub lists three thousand files at most.
    public func changedFiles(
        of candidate: CandidateID, at revision: ObjectID, project: ProjectRef
    ) async throws -> [CandidateFile] {
        try await requireHead(of: candidate, at: revision, project)
        let files = try await api.pages(
            GitHubWire.File.self, ForgeAPI.repository(project, ["pulls", candidate.rawValue, "files"]),
            key: { $0.filename }, missing: { ForgeProblem.missing(candidate) })
        guard files.count < 3000 else {
            throw ForgeProblem.cutList(name, "the pull request changes more files than GitHub lists")
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
        let name = ForgeAPI.parts(try api.require(branch.branchName, "a branch"))
        let found = try await api.find(
            GitHubWire.Reference.self, ForgeAPI.repository(project, ["git", "ref", "heads"] + name))
        guard let found else {
            try await api.requireRepository(project)
            return nil
        }
        return try api.require(ObjectID(exactly: found.object.sha), "the commit of a branch")
    }

    /// See ``CandidateReading/source(project:)``.
    public func source(project: ProjectRef) async throws -> ForgeSource {
        ForgeSource(
            remote: try GitRemote("\(api.address)/\(project.path).git"),
            refspecs: [try RefSpec("refs/heads/*", to: "refs/heads/*")],
            credential: GitCredential(user: "x-access-token", password: try api.access.secret()))
    }
}
