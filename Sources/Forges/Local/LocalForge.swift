import Diagnostics
public import Foundation
public import GitClient
public import Logging

/// A forge without a server: a folder of bare git repositories.
///
/// Project `registries/land` is the repository `<folder>/registries/land.git`. Pushing `refs/heads/candidate/<id>` opens
/// candidate `<id>` against whatever branch the registry watches, and pushing it again is a new revision.
///
/// | the world | the candidate |
/// |---|---|
/// | the reference exists and the branch does not contain its commit | open |
/// | the reference exists and the branch contains its commit | merged |
/// | the reference does not exist | closed |
///
/// A reference that was just made at the branch's tip cannot be told from a merged one, and need not be: either way
/// there is nothing to judge. It counts as merged until it gets a commit of its own, and then is open. A squashed or
/// rebased merge leaves other commits in the branch; then the candidate is open until its reference is deleted, which is
/// how its author says that it is done.
///
/// Verdicts are git notes in `refs/notes/verified`, shown by `git log --notes=verified`; see ``VerdictNote``. What else a
/// host keeps (texts of merge requests, issues, comments, statuses) is JSON in notes of `refs/notes/sluice`. The
/// account that Sluice runs as must be able to write to the repositories.
public struct LocalForge: Forge {
    /// The name in the desired state.
    public let name: String
    /// The folder with the repositories.
    public let folder: String

    /// Where candidates are pushed to.
    public static let candidatePrefix = "refs/heads/candidate/"
    /// Where verdicts are kept.
    public static let notesName = "refs/notes/verified"

    /// A folder has neither rules nor a server that could lack something.
    public let capabilities: Set<ForgeCapability> = Set(ForgeCapability.allCases)
        .subtracting([.revisionHistory, .reviewers])

    let now: @Sendable () -> Date
    private let logger: Logger

    /// Makes a forge of a folder.
    /// - Parameters:
    ///   - name: Its name in the desired state.
    ///   - folder: An absolute path.
    ///   - logger: Told about references that can be no candidates.
    ///   - now: The time that is written into notes.
    public init(name: String, folder: String, logger: Logger, now: @escaping @Sendable () -> Date) {
        self.name = name
        self.folder = folder
        self.logger = logger
        self.now = now
    }

    /// The account that the controller runs as needs no name of its own.
    public func account() async throws -> ForgeAccount { ForgeAccount(id: "sluice", name: "Sluice") }

    /// The directory of a project's repository.
    public func repositoryPath(of project: ProjectRef) -> String { "\(folder)/\(project.path).git" }

    /// See ``CandidateReading/openCandidates(project:branch:)``.
    /// - Throws: `forge.project-missing`, `forge.branch-missing`, `git.reference-broken`, `git.object-missing`.
    public func openCandidates(project: ProjectRef, branch: RefName) async throws -> [Candidate] {
        let repository = try await open(project)
        let head = try await requireBranch(branch, in: repository, project: project)
        let listing = try await repository.references(under: Self.candidatePrefix)
        for name in listing.unreadableNames {
            logger.warning("a reference's name is no text and can be no candidate", metadata: ["reference": "\(name)"])
        }
        var open: [Candidate] = []
        for (reference, revision) in listing.targets {
            guard let id = candidateID(of: reference) else { continue }
            if try await repository.isAncestor(revision, of: head) { continue }
            open.append(try await candidate(id, at: revision, branch: branch, in: repository))
        }
        return open.sorted { $0.id < $1.id }
    }

    /// See ``CandidateReading/candidate(_:project:branch:)``.
    /// - Throws: As ``openCandidates(project:branch:)``.
    public func candidate(_ id: CandidateID, project: ProjectRef, branch: RefName) async throws -> CandidateState {
        let repository = try await open(project)
        guard let reference = Self.reference(of: id), let revision = try await repository.resolve(reference) else {
            return .closed
        }
        let head = try await requireBranch(branch, in: repository, project: project)
        if try await repository.isAncestor(revision, of: head) { return .merged(at: revision) }
        return .open(try await candidate(id, at: revision, branch: branch, in: repository))
    }

    /// See ``CandidateReading/branchHead(project:branch:)``.
    /// - Throws: `forge.project-missing`, `git.reference-broken`.
    public func branchHead(project: ProjectRef, branch: RefName) async throws -> ObjectID? {
        try await open(project).resolve(branch)
    }

    /// See ``CandidateReading/source(project:)``. All branches are fetched, candidates are among them.
    /// - Throws: `git.url-invalid` when the folder is no absolute path.
    public func source(project: ProjectRef) async throws -> ForgeSource {
        ForgeSource(
            remote: try GitRemote(path: repositoryPath(of: project)),
            refspecs: [try RefSpec("refs/heads/*", to: "refs/heads/*")])
    }

    /// See ``VerdictReporting/verdict(on:of:project:)``.
    /// - Throws: `forge.project-missing`, `git.reference-broken`.
    public func verdict(
        on revision: ObjectID, of candidate: CandidateID, project: ProjectRef
    ) async throws -> VerdictReport? {
        let note = try await open(project).note(on: revision, in: try RefName(Self.notesName))
        return VerdictNote(text: note ?? "", revision: revision).report(of: candidate)
    }

    /// See ``VerdictReporting/report(_:project:)``.
    ///
    /// While the note is written, the candidate's reference is locked where it is, as git would lock it for a push: no
    /// revision can arrive between the look and the note.
    /// - Throws: `forge.project-missing`; `git.note-moved` when another writer was faster; `git.reference-locked`.
    public func report(_ report: VerdictReport, project: ProjectRef) async throws -> ReportOutcome {
        let repository = try await open(project)
        let notes = try RefName(Self.notesName)
        guard let reference = Self.reference(of: report.candidate),
            try await repository.resolve(reference) == report.revision
        else { return .revisionMoved }
        let text = try await repository.note(on: report.revision, in: notes)
        var note = VerdictNote(text: text ?? "", revision: report.revision)
        guard note.report(of: report.candidate) != report else { return .alreadyThere }
        note.set(report)
        do {
            try await repository.setNote(
                note.text, on: report.revision, in: notes, replacing: text,
                by: signature,
                holding: [reference: report.revision])
            return .posted
        } catch let error as SluiceError where error.code == "git.reference-moved" {
            return .revisionMoved
        }
    }
}

extension LocalForge {
    /// The reference of a candidate; nil when there can be none, because git allows no such name.
    static func reference(of id: CandidateID) -> RefName? { try? RefName(candidatePrefix + id.rawValue) }

    /// Who writes commits and notes here.
    var signature: GitSignature { GitSignature(name: "Sluice", email: "sluice@localhost", date: now()) }

    func open(_ project: ProjectRef) async throws -> GitMirror {
        do {
            return try await GitMirror.open(repositoryPath(of: project))
        } catch let error as SluiceError where error.code == "git.repository-missing" {
            throw SluiceError(
                "forge.project-missing", .stalled, "the forge \(name) has no project \(project)",
                hint: "a project is a bare repository <folder>/<project>.git", detail: error.detail, cause: error)
        }
    }

    func requireBranch(
        _ branch: RefName, in repository: GitMirror, project: ProjectRef
    ) async throws -> ObjectID {
        guard let head = try await repository.resolve(branch) else {
            throw ForgeProblem.missing(branch: branch, of: project)
        }
        return head
    }

    private func candidateID(of reference: RefName) -> CandidateID? {
        guard let text = reference.suffix(after: Self.candidatePrefix) else { return nil }
        do {
            return try CandidateID(text)
        } catch {
            logger.warning("a reference's name can be no candidate's id", metadata: ["reference": "\(reference)"])
            return nil
        }
    }

    private func candidate(
        _ id: CandidateID, at revision: ObjectID, branch: RefName, in repository: GitMirror
    ) async throws -> Candidate {
        let commit = try await repository.commit(revision)
        return Candidate(
            id: id, title: commit.subject, author: commit.author.name, revision: revision, targetBranch: branch,
            created: nil, updated: commit.committer.date, summary: commit.message.trimmedEnd)
    }
}
