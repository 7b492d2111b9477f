import CandidateDatabases
import ControlAPI
import DesiredState
import Forges
import Foundation
import GitClient
import StateStore

/// Candidates and master: who they are is asked of the forge, how they stand is known to the store.
struct GateVersions: VersionDirectory {
    let gates: GateDirectory
    let store: StateStore

    func candidates(of registry: String?) async throws -> [VersionCandidate] {
        let gate = try await gates.require(registry)
        let open = try await gate.forge.openCandidates(project: try gate.project, branch: try gate.branch)
        let prefix = ResourceKey(kind: GateKey.candidateKind, components: [gate.name, ""]).name
        let known = try await store.resources.list(kind: GateKey.candidateKind, prefix: prefix)
        let statuses = Dictionary(known.map { ($0.key, CandidateStatus($0.status)) }) { first, _ in first }
        return open.map { candidate in
            VersionCandidate(candidate, statuses[GateKey.candidate(candidate.id.rawValue, of: gate.name)] ?? nil)
        }
    }

    func candidate(_ id: String, of registry: String?) async throws -> VersionCandidate? {
        let gate = try await gates.require(registry)
        guard let candidate = try await gate.openCandidate(id) else { return nil }
        return VersionCandidate(candidate, try await store.candidateStatus(id, of: gate.name))
    }

    func master(of registry: String?) async throws -> MasterVersion? {
        let gate = try await gates.require(registry)
        guard let head = try await gate.forge.branchHead(project: try gate.project, branch: try gate.branch) else {
            return nil
        }
        let commit = try await gates.repository(of: gate, having: WantedCommits([head])).commit(head)
        var version = MasterVersion(
            id: head.hex, name: commit.subject,
            description: commit.message.trimmingCharacters(in: .whitespacesAndNewlines),
            author: commit.author.name,
            updated: commit.committer.date)
        if try await gate.provenance(of: gate.names.master)?.revision == head {
            version.outcome = .success
            version.published = true
        } else if let failure = try await store.baseTemplateStatus(head, of: gate.name)?.failure {
            version.outcome = .failed(reason: failure.text)
        }
        return version
    }
}

extension VersionCandidate {
    /// A candidate of the forge with what the gate says of it, as far as that is about its present revision.
    init(_ candidate: Candidate, _ status: CandidateStatus?) {
        let current = status?.revision == candidate.revision ? status : nil
        let outcome: DeployOutcome =
            switch current?.state {
            case .ready: .success
            case .failed: .failed(reason: current?.failure?.text ?? "")
            case .waiting, .building, .absent, nil: .pending
            }
        self.init(
            id: candidate.id.rawValue, name: candidate.title, description: candidate.summary, author: candidate.author,
            created: candidate.created, updated: candidate.updated, outcome: outcome,
            database: DatabaseState(current?.state), shownRevision: status?.shows?.hex)
    }
}

extension DatabaseState {
    /// How a candidate's database stands; one that nobody has looked at yet is about to be built.
    init(_ state: CandidateStatus.State?) {
        self =
            switch state {
            case .ready: .ready
            case .failed: .failed
            case .absent: .absent
            case .waiting, .building, nil: .building
            }
    }
}

extension GateRegistry {
    /// The registry's project on its forge.
    var project: ProjectRef { get throws { try ProjectRef(spec.project) } }
    /// The branch that candidates aim at.
    var branch: RefName { get throws { try RefName.branch(spec.branch) } }

    /// A candidate that is open now; nil when there is none of that id, which may be any text.
    func openCandidate(_ id: String) async throws -> Candidate? {
        guard let id = try? CandidateID(id),
            case .open(let candidate) = try await forge.candidate(id, project: try project, branch: try branch)
        else { return nil }
        return candidate
    }
}

extension StateStore {
    /// What the gate says of a candidate; nil when it never looked.
    func candidateStatus(_ id: String, of registry: String) async throws -> CandidateStatus? {
        try await resources.get(GateKey.candidate(id, of: registry)).flatMap { CandidateStatus($0.status) }
    }

    /// What the gate says of the base template of a commit; nil when it never looked.
    func baseTemplateStatus(_ commit: ObjectID, of registry: String) async throws -> BaseTemplateStatus? {
        try await resources.get(GateKey.baseTemplate(commit, of: registry)).flatMap { BaseTemplateStatus($0.status) }
    }
}
