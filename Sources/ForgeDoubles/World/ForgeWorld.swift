import Foundation
import GitClient

/// What a host knows: accounts, projects with their repositories, candidates, statuses, issues. One model for all four
/// hosts; how it is asked and told is the wires' business.
///
/// Requests are served one after the other (see ``ForgeDouble``), so that no method here needs to think of another one
/// that runs meanwhile.
package actor ForgeWorld {
    /// Whose rules hold.
    package nonisolated let type: ForgeType
    let files: WorldFiles
    let searchPath: String
    let now: @Sendable () -> Date
    /// The most items of a page, when it is to be less than the host's own.
    let pageLimit: Int?
    private let onEvent: @Sendable (ForgeEvent) -> Void

    private(set) var server: Server
    private(set) var projects: [Int: StoredProject] = [:]
    private(set) var candidates: [Int: [Int: StoredCandidate]] = [:]
    private(set) var issues: [Int: [Int: StoredIssue]] = [:]
    private(set) var statuses: [Int: [StoredStatus]] = [:]
    private(set) var checks: [Int: [StoredCheckRun]] = [:]
    private var repositories: [Int: BareRepository] = [:]
    /// What was found out about merges that were asked for once; hosts work it out behind the first answer.
    var mergeability: [MergeQuestion: MergeAnswer] = [:]

    /// What belongs to no project.
    struct Server: Codable, Sendable {
        var accounts: [StoredAccount] = []
        var tokens: [StoredToken] = []
        var lastID = 1000
        /// Gerrit counts changes on the whole server.
        var lastChange = 0
    }

    struct MergeQuestion: Hashable { let project: Int, head: ObjectID, target: ObjectID }

    enum MergeAnswer { case unasked, clean, conflicting }

    init(
        type: ForgeType, directory: String, searchPath: String, pageLimit: Int?,
        now: @escaping @Sendable () -> Date, onEvent: @escaping @Sendable (ForgeEvent) -> Void
    ) throws {
        self.type = type
        self.searchPath = searchPath
        self.now = now
        self.pageLimit = pageLimit
        self.onEvent = onEvent
        files = WorldFiles(directory: directory)
        server = try files.read("accounts") ?? Server()
        for id in files.names(in: "projects").compactMap({ Int($0) }) {
            let folder = "projects/\(id)"
            guard let project = try files.read("\(folder)/project", as: StoredProject.self) else { continue }
            projects[id] = project
            var loadedCandidates: [Int: StoredCandidate] = [:]
            for name in files.names(in: "\(folder)/candidates") {
                let record = try files.read("\(folder)/candidates/\(name)", as: StoredCandidate.self)
                if let record { loadedCandidates[record.number] = record }
            }
            candidates[id] = loadedCandidates
            var loadedIssues: [Int: StoredIssue] = [:]
            for name in files.names(in: "\(folder)/issues") {
                let record = try files.read("\(folder)/issues/\(name)", as: StoredIssue.self)
                if let record { loadedIssues[record.number] = record }
            }
            issues[id] = loadedIssues
            statuses[id] = try files.read("\(folder)/statuses") ?? []
            checks[id] = try files.read("\(folder)/checks") ?? []
        }
    }

    // Everything below that changes a record writes it at once.

    func put(_ candidate: StoredCandidate) throws {
        candidates[candidate.project, default: [:]][candidate.number] = candidate
        try files.write(candidate, to: "projects/\(candidate.project)/candidates/\(candidate.number)")
    }

    func put(_ issue: StoredIssue, in project: StoredProject) throws {
        issues[project.id, default: [:]][issue.number] = issue
        try files.write(issue, to: "projects/\(project.id)/issues/\(issue.number)")
    }

    func put(_ project: StoredProject) throws {
        projects[project.id] = project
        try files.write(project, to: "projects/\(project.id)/project")
    }

    func append(_ status: StoredStatus, in project: StoredProject) throws {
        statuses[project.id, default: []].append(status)
        try files.write(statuses[project.id] ?? [], to: "projects/\(project.id)/statuses")
    }

    func put(_ run: StoredCheckRun, in project: StoredProject) throws {
        var all = checks[project.id] ?? []
        if let index = all.firstIndex(where: { $0.id == run.id }) { all[index] = run } else { all.append(run) }
        checks[project.id] = all
        try files.write(all, to: "projects/\(project.id)/checks")
    }

    func change(_ edit: (inout Server) -> Void) throws {
        edit(&server)
        try files.write(server, to: "accounts")
    }

    /// An id that no other record of this server has.
    func nextID() throws -> Int {
        try change { $0.lastID += 1 }
        return server.lastID
    }

    func emit(
        _ kind: ForgeEvent.Kind, _ project: StoredProject, _ candidate: StoredCandidate? = nil, by actor: StoredAccount
    ) {
        onEvent(ForgeEvent(kind: kind, project: project, candidate: candidate, actor: actor, date: now()))
    }

    // MARK: Looking

    func project(id: Int) throws(WorldRefusal) -> StoredProject {
        guard let project = projects[id] else { throw .noProject(String(id)) }
        return project
    }

    func project(path: String) throws(WorldRefusal) -> StoredProject {
        guard let project = projects.values.first(where: { $0.path == path }) else { throw .noProject(path) }
        return project
    }

    func account(_ id: Int) -> StoredAccount {
        server.accounts.first { $0.id == id }
            ?? StoredAccount(id: id, login: "ghost", name: "Ghost User", email: "ghost@localhost")
    }

    /// The account of a login; nil when there is none.
    func account(called login: String) -> StoredAccount? {
        server.accounts.first { $0.login.lowercased() == login.lowercased() }
    }

    /// Asks somebody for a review.
    func ask(
        _ reviewer: StoredAccount, toReview number: Int, of project: StoredProject, by account: StoredAccount
    ) throws -> StoredCandidate {
        try edit(number, of: project, by: account) { candidate in
            let present = candidate.reviewers ?? []
            if !present.contains(reviewer.id) { candidate.reviewers = present + [reviewer.id] }
        }
    }

    /// The candidates of a project, oldest first.
    func candidates(of project: StoredProject) -> [StoredCandidate] {
        (candidates[project.id] ?? [:]).values.sorted { $0.number < $1.number }
    }

    func candidate(_ number: Int, of project: StoredProject) throws(WorldRefusal) -> StoredCandidate {
        guard let candidate = candidates[project.id]?[number] else { throw .noCandidate(String(number)) }
        return candidate
    }

    func issue(_ number: Int, of project: StoredProject) throws(WorldRefusal) -> StoredIssue {
        guard let issue = issues[project.id]?[number] else { throw .noIssue(String(number)) }
        return issue
    }

    func repository(of project: StoredProject) async throws -> BareRepository {
        if let open = repositories[project.id] { return open }
        let repository = try await BareRepository.open(
            repositoryPath(of: project), defaultBranch: project.defaultBranch, searchPath: searchPath)
        repositories[project.id] = repository
        return repository
    }

    nonisolated func repositoryPath(of project: StoredProject) -> String {
        "\(files.directory)/repositories/\(project.path).git"
    }

    /// What somebody may do in a project.
    func level(of account: StoredAccount?, token: StoredToken?, in project: StoredProject) -> AccessLevel {
        let floor: AccessLevel = project.isPublic ? .read : .none
        guard let account, let token else { return floor }
        return max(floor, min(token.level, project.levels[account.id] ?? token.level))
    }
}
