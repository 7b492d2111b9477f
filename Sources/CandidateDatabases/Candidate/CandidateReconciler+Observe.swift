import ChangelogLint
import DesiredState
import Diagnostics
import Forges
import GitClient
public import Reconciliation
import StateStore

extension CandidateReconciler {
    /// Reads the forge, the repository and the server.
    public func observe(_ request: ReconcileRequest) async throws -> CandidateSight {
        guard let (registryName, id) = GateKey.parts(request.key) else {
            throw SluiceError(
                "candidate.key-invalid", .stalled, "\(request.key) is not the key of a candidate",
                hint: "write Candidate/<registry>/<id>")
        }
        guard let registry = try await directory.registry(named: registryName) else { return .orphaned }
        let before = request.resource.flatMap { CandidateStatus($0.status) }
        let project = try ProjectRef(registry.spec.project)
        let branch = try RefName.branch(registry.spec.branch)
        let candidateID = try CandidateID(id)
        let state = try await registry.forge.candidate(candidateID, project: project, branch: branch)
        if let suspension = registry.spec.suspension(at: now()) { return .suspended(suspension) }
        guard case .open(let candidate) = state else {
            let census = try await registry.databases.census()
            let databases = census.mine.values.filter { $0.provenance?.candidateID == candidateID }.map(\.name)
            let undescribed = [registry.names.build(id), registry.names.retired(id), registry.names.failed(id)]
                .filter { census.mine[$0] != nil }
            return .gone(
                GoneCandidate(
                    registry: registry, id: id, state: state, isMarked: request.resource?.deletionRequestedAt != nil,
                    databases: Set(databases + undescribed).sorted(), before: before))
        }
        do {
            return .open(
                try await observe(request, candidate, of: registry, project: project, branch: branch, before: before))
        } catch let error as SluiceError where error.code == WatchedRepository.unrelatedHistory {
            let verdict = try await registry.forge.verdict(on: candidate.revision, of: candidate.id, project: project)
            let text = VerdictText(refusing: candidate.revision, because: DeployFailure(error))
            return .refused(
                RefusedCandidate(
                    registry: registry, candidate: candidate, project: project, failure: DeployFailure(error),
                    isReported: verdict?.verdict == text.verdict && verdict?.body == text.body))
        }
    }

    private func observe(
        _ request: ReconcileRequest, _ candidate: Candidate, of registry: GateRegistry, project: ProjectRef,
        branch: RefName, before: CandidateStatus?
    ) async throws -> OpenCandidate {
        if let refusal = registry.migrationRefusal { throw refusal }
        guard let head = try await registry.forge.branchHead(project: project, branch: branch) else {
            throw SluiceError(
                "registry.branch-missing", .stalled, "the project has no branch \(registry.spec.branch)",
                hint: "push it, or name another one in spec.branch")
        }
        let wanted = WantedCommits([head], candidates: [candidate])
        let repository = registry.watched(try await directory.repository(of: registry, having: wanted))
        let base = try await repository.base(of: candidate.revision, on: head)
        let circumstances = registry.circumstances(reference: try await fingerprints.fingerprint(for: registry))
        let (baseTrees, trees) = (
            try await repository.trees(at: base), try await repository.trees(at: candidate.revision)
        )
        let baseKey = ContentKey.base(trees: baseTrees, circumstances)
        let headKey = ContentKey.base(trees: try await repository.trees(at: head), circumstances)
        let hasParted = headKey != baseKey && trees != baseTrees
        let mergeTarget = registry.spec.checksMerge && hasParted ? head : nil
        let alone = ContentKey.candidate(base: baseKey, trees: trees, lint: registry.spec.changelog.lint)
        let published = registry.names.published(candidate.id.rawValue)
        let mergeFindings =
            hasParted && registry.spec.countsChangeSets
            ? try await merges.findings(in: .init(candidate: alone, target: headKey)) {
                try await registry.findings(inMergeInto: published) {
                    try await repository.parting(of: candidate.revision, from: base, on: head)
                }
            } : []
        // A merge that fails is a reason to judge anew. A warning is told with the next verdict: the database is as it was.
        let merge = mergeFindings.filter { $0.severity == .fail }.map(\.mergeText)
        let key = ContentKey.candidate(
            base: baseKey, trees: trees, lint: registry.spec.changelog.lint,
            merge: (mergeTarget == nil ? [] : [headKey.rawValue]) + merge)
        var seen = try await observeServer(
            registry, candidate, base: base, baseKey: baseKey, key: key, touches: trees != baseTrees, before: before,
            verdict: try await registry.forge.verdict(on: candidate.revision, of: candidate.id, project: project))
        seen.isRequested = request.reasons.contains(GateReason.requested)
        return OpenCandidate(
            registry: registry, repository: repository, candidate: candidate, project: project, seen: seen,
            circumstances: registry.judged(under: circumstances, head: headKey),
            mergeTarget: mergeTarget, mergeFindings: mergeFindings, baseKey: baseKey, before: before)
    }

    private func observeServer(
        _ registry: GateRegistry, _ candidate: Candidate, base: ObjectID, baseKey: ContentKey, key: ContentKey,
        touches: Bool, before: CandidateStatus?, verdict: VerdictReport?
    ) async throws -> CandidateObservation {
        let names = registry.names
        let id = candidate.id.rawValue
        let census = try await registry.databases.census()
        var template: CandidateObservation.BaseTemplate = .missing
        if census.mine[names.baseTemplate(baseKey)]?.provenance?.state == .deployed {
            template = .ready
        } else if let failure = try await failures.failure(of: base, key: baseKey, in: registry.name) {
            template = .broken(failure)
        }
        return CandidateObservation(
            id: id, publishedName: names.published(id), buildName: names.build(id), retiredName: names.retired(id),
            revision: candidate.revision,
            base: base, key: key, touchesWatchedPaths: touches, baseTemplate: template,
            published: census.mine[names.published(id)], build: census.mine[names.build(id)],
            kept: census.mine[names.failed(id)], retired: census.mine[names.retired(id)],
            verdict: verdict.map { .init(verdict: $0.verdict, key: VerdictText.key(in: $0.body)) },
            lastFailure: before?.lastFailure, keepsFailedBuilds: registry.spec.cleanup.keepFailed > .zero,
            freePlaces: freePlaces(registry, candidate.id, census))
    }

    /// The places that the server's and the registry's limits leave to a candidate.
    private func freePlaces(
        _ registry: GateRegistry, _ candidate: CandidateID, _ census: CandidateServer.Census
    ) -> Int? {
        let mine = census.mine.values.filter { $0.provenance?.role == .candidate }
        let own = mine.count { $0.provenance?.candidateID == candidate }
        let candidates = Set(mine.compactMap { $0.provenance?.candidateID }).subtracting([candidate]).count
        let onServer = registry.serverSpec.maxDatabases.map { $0 - census.candidates + own }
        let inRegistry = registry.spec.maxCandidates.map { $0 - candidates }
        return [onServer, inRegistry].compactMap(\.self).min()
    }
}
