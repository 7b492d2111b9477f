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
        let before = request.resource.flatMap { CandidateStatus($0.status) }
        guard let place = try await place(of: id, in: registryName, before: before) else { return .orphaned }
        let registry = place.registry
        let project = try ProjectRef(registry.spec.project)
        let branch = try RefName.branch(registry.spec.branch)
        let candidateID = try CandidateID(id)
        let state = try await registry.forge.candidate(candidateID, project: project, branch: branch)
        if let suspension = registry.spec.suspension(at: now()) { return .suspended(suspension) }
        guard case .open(let candidate) = state else {
            let places = try await placesOfGone(registry)
            var databases: [String: [GateRegistry]] = [:]
            for (place, census) in places {
                let described = census.mine.values.filter { $0.provenance?.candidateID == candidateID }.map(\.name)
                let undescribed = [place.names.build(id), place.names.retired(id), place.names.failed(id)]
                    .filter { census.mine[$0] != nil }
                for name in Set(described + undescribed) { databases[name, default: []].append(place) }
            }
            return .gone(
                GoneCandidate(
                    registry: registry, id: id, state: state, isMarked: request.resource?.deletionRequestedAt != nil,
                    databases: databases, places: places.map(\.place), before: before))
        }
        do {
            return .open(
                try await observe(request, candidate, in: place, project: project, branch: branch, before: before))
        } catch let error as SluiceError where error.code == WatchedRepository.unrelatedHistory {
            let verdict = try await registry.forge.verdict(on: candidate.revision, of: candidate.id, project: project)
            let text = VerdictText(refusing: candidate.revision, because: DeployFailure(error))
            return .refused(
                RefusedCandidate(
                    registry: registry, candidate: candidate, project: project, failure: DeployFailure(error),
                    isReported: verdict?.verdict == text.verdict && verdict?.body == text.body,
                    before: before))
        }
    }

    private func observe(
        _ request: ReconcileRequest, _ candidate: Candidate, in place: CandidatePlace, project: ProjectRef,
        branch: RefName, before: CandidateStatus?
    ) async throws -> OpenCandidate {
        let registry = place.registry
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
            place, candidate, base: base, baseKey: baseKey, key: key, touches: trees != baseTrees, before: before,
            verdict: try await registry.forge.verdict(on: candidate.revision, of: candidate.id, project: project))
        seen.isRequested = request.reasons.contains(GateReason.requested)
        return OpenCandidate(
            registry: registry, repository: repository, candidate: candidate, project: project, seen: seen,
            circumstances: registry.judged(under: circumstances, head: headKey),
            mergeTarget: mergeTarget, mergeFindings: mergeFindings, baseKey: baseKey, before: before,
            hasPlace: place.isDecided, refusals: place.refusals)
    }

    private func observeServer(
        _ place: CandidatePlace, _ candidate: Candidate, base: ObjectID, baseKey: ContentKey, key: ContentKey,
        touches: Bool, before: CandidateStatus?, verdict: VerdictReport?
    ) async throws -> CandidateObservation {
        let registry = place.registry
        let names = registry.names
        let id = candidate.id.rawValue
        let census = try await registry.databases.census()
        var template: CandidateObservation.BaseTemplate = .missing
        if !place.isDecided || census.mine[names.baseTemplate(baseKey)]?.provenance?.state == .deployed {
            // Where there is no place, no template is made either.
            template = .ready
        } else if let failure = try await failures.failure(of: base, key: baseKey, in: registry) {
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
            freePlaces: place.isDecided ? freePlaces(place, candidate.id, census) : 0)
    }

    /// The places that the server's and the registry's limits leave to a candidate.
    private func freePlaces(
        _ place: CandidatePlace, _ candidate: CandidateID, _ census: CandidateServer.Census
    ) -> Int? {
        let registry = place.registry
        let mine = census.mine.values.filter { $0.provenance?.role == .candidate }
        let own = mine.count { $0.provenance?.candidateID == candidate }
        let candidates = Set(mine.compactMap { $0.provenance?.candidateID }).subtracting([candidate]).count
        let onServer = registry.serverSpec.maxDatabases.map { $0 - census.candidates + own }
        let inRegistry = registry.spec.maxCandidates.map { $0 - candidates - place.candidatesElsewhere }
        return [onServer, inRegistry].compactMap(\.self).min()
    }
}
