public import DesiredState
public import Diagnostics
public import Forges
public import GitClient
public import StateStore

/// A directory of a branch of a git repository. It is mirrored and read from git's object database, never checked out.
public struct RepositorySource: ConfigurationSource {
    /// A code host on which the repository is a project, so that its candidates can be judged before they are merged.
    public typealias Host = any GateForge & CommitStatusKeeping

    /// The context of the status on a commit of the branch.
    public static let statusContext = "sluice/config"

    private let address: String
    private let branch: RefName
    private let path: String
    private let host: (forge: Host, project: ProjectRef)?
    /// The branch whose candidates are judged as desired state.
    public let judgedBranch: JudgedBranch?
    private let source: @Sendable () async throws -> ForgeSource
    private let mirror: SourceMirror

    /// How much a commit may have below the directory. Whatever is there counts, not only what is read.
    static let limits = TreeLimits(
        files: 10_000, bytesPerFile: 4 << 20, totalBytes: 64 << 20, depth: 32, entries: 50_000)

    /// Makes a source of a project on a code host.
    ///
    /// - Parameters:
    ///   - spec: What the code host is in desired state.
    ///   - branch: The branch's short name.
    ///   - path: The directory in the repository; empty for its root.
    ///   - mirrorPath: Where the mirror is kept.
    ///   - transport: How it is fetched, credentials included.
    /// - Throws: `git.reference-name-invalid`.
    public init(
        forge: Host, _ spec: ForgeSpec, project: ProjectRef, branch: String, path: String, mirrorPath: String,
        transport: GitTransport
    ) throws {
        judgedBranch = JudgedBranch(spec, project: project.path, branch: branch)
        address = "\(forge.name): \(project)"
        self.branch = try RefName.branch(branch)
        self.path = path
        host = (forge, project)
        source = { try await forge.source(project: project) }
        mirror = SourceMirror(path: mirrorPath, transport: transport)
    }

    /// Makes a source of a repository of which nothing but its address is known: it has no candidates, and nowhere to say
    /// what came of a commit.
    /// - Throws: `git.reference-name-invalid`.
    public init(
        remote: GitRemote, branch: String, path: String, mirrorPath: String, transport: GitTransport
    ) throws {
        let reference = try RefName.branch(branch)
        let source = ForgeSource(
            remote: remote, refspecs: [try RefSpec(reference.rawValue, to: reference.rawValue)])
        address = remote.address
        self.branch = reference
        self.path = path
        host = nil
        judgedBranch = nil
        self.source = { source }
        mirror = SourceMirror(path: mirrorPath, transport: transport)
    }

    /// Repository, branch and directory.
    public var identity: JSONValue {
        [
            "repository": .string(address), "branch": .string(branch.branchName ?? branch.rawValue),
            "path": .string(path),
        ]
    }

    /// Repository, branch and directory.
    public var name: String {
        "\(path.isEmpty ? "" : "\(path) in ")\(branch.branchName ?? branch.rawValue) of the repository \(address)"
    }

    /// The branch's head.
    ///
    /// - Throws: `config-repository.branch-missing`, and whatever keeps it from being fetched and read.
    public func head(since applied: String?) async throws -> SourceHead {
        let mirror = try await refreshed()
        guard let head = try await mirror.resolve(branch) else {
            throw SluiceError(
                "config-repository.branch-missing", .stalled, "the config repository has no \(branch)",
                hint: "push it, or name another one with --branch")
        }
        let commit = try await mirror.commit(head)
        return SourceHead(
            revision: ConfigurationRevision(
                head.hex, author: Self.person(commit.author), subject: commit.subject,
                authoredAt: commit.author.date),
            isRewritten: try await isRewritten(applied, head: head, in: mirror)
        ) { try await listing(of: head, in: mirror) }
    }

    /// The branch's candidates on the code host.
    public func proposals() async throws -> [Candidate] {
        guard let host else { return [] }
        let open = try await host.forge.openCandidates(project: host.project, branch: branch)
        try await mirror.prune(keeping: open)
        return open
    }

    /// Fetches what is not there yet.
    public func bring(_ candidates: [Candidate]) async throws -> [Candidate] {
        var mirror = try await mirror.opened()
        var missing: [Candidate] = []
        for candidate in candidates where try await !mirror.contains(candidate.revision) { missing.append(candidate) }
        guard !missing.isEmpty else { return candidates }
        // They came after the fetch, or do not come with the branches.
        mirror = try await refreshed()
        try await self.mirror.bring(missing, from: try await source())
        var there: [Candidate] = []
        for candidate in candidates where try await mirror.contains(candidate.revision) { there.append(candidate) }
        return there
    }

    /// The files of a candidate, merged with the branch's head.
    public func listing(
        of candidate: Candidate, after head: ConfigurationRevision
    ) async throws -> Result<DesiredStateListing, SluiceError> {
        let head = try ObjectID(head.id)
        return try await listing(of: candidate.revision, mergedWith: head, in: try await mirror.opened())
    }

    /// Whether commits can have statuses.
    public var takesResults: Bool { host?.forge.capabilities.contains(.commitStatuses) ?? false }

    /// A status on the commit.
    public func report(_ result: RevisionResult) async throws {
        guard let host, takesResults, let commit = ObjectID(exactly: result.revision) else { return }
        _ = try await host.forge.set(
            CommitStatus(
                context: Self.statusContext, state: result.isInForce ? .success : .failed, summary: result.summary),
            on: commit, project: host.project)
    }

    /// The verdict on the candidate.
    public func report(_ verdict: VerdictReport) async throws -> ReportOutcome {
        guard let host else { return .revisionMoved }
        return try await host.forge.report(verdict, project: host.project)
    }

    private func refreshed() async throws -> GitMirror { try await mirror.refreshed(from: try await source()) }

    /// Whether the commit in force is no part of the head's history, or not even known any more.
    private func isRewritten(_ applied: String?, head: ObjectID, in mirror: GitMirror) async throws -> Bool {
        guard let applied else { return false }
        guard let commit = ObjectID(exactly: applied), try await mirror.contains(commit) else { return true }
        return try await !mirror.isAncestor(commit, of: head)
    }

    private func listing(
        of commit: ObjectID, mergedWith head: ObjectID? = nil, in mirror: GitMirror
    ) async throws -> Result<DesiredStateListing, SluiceError> {
        do {
            return .success(try Self.listing(try await files(of: commit, mergedWith: head, in: mirror), below: path))
        } catch let error as SluiceError where error.kind == .stalled && error.code != "git.object-missing" {
            return .failure(error)
        }
    }

    private func files(
        of commit: ObjectID, mergedWith head: ObjectID?, in mirror: GitMirror
    ) async throws -> [GitFile] {
        guard let head else { return try await mirror.files(in: commit, under: [path], limits: Self.limits) }
        guard let base = try await mirror.mergeBase(head, commit) else {
            throw SluiceError(
                "config-repository.unrelated-history", .stalled,
                "the candidate has no commit in common with the branch that it is for",
                hint: "make it from a commit of that branch")
        }
        switch try await mirror.mergedFiles(of: commit, with: head, from: base, under: [path], limits: Self.limits) {
        case .merged(let files): return files
        case .conflicts(let paths):
            throw SluiceError(
                "config-repository.merge-conflict", .stalled,
                "the candidate conflicts with its branch in \(paths.prefix(10).joined(separator: ", "))",
                hint: "rebase it")
        }
    }

    /// What is read of the files below a directory. Pure.
    static func listing(_ files: [GitFile], below path: String) throws(SluiceError) -> DesiredStateListing {
        guard path.isEmpty || !files.isEmpty else {
            throw SluiceError(
                "config-repository.path-missing", .stalled, "the commit has no directory \(path)",
                hint: "push it, or name another one with --path")
        }
        let entries = files.map { file in
            DesiredStateEntry(
                path: file.path, bytes: file.bytes, isLink: [.symbolicLink, .gitlink].contains(file.mode))
        }
        return DesiredStateListing(entries, below: path)
    }

    private static func person(_ signature: GitSignature) -> String {
        signature.email.isEmpty ? signature.name : "\(signature.name) <\(signature.email)>"
    }
}
