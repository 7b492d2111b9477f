import DesiredState
import Diagnostics
import GitClient
public import Reconciliation
import StateStore

extension DriftReconciler {
    /// Reads the branches as they stand on the code host. Those that have not moved are not read again.
    public func observe(_ request: ReconcileRequest) async throws -> DriftSight {
        guard let repository = try await directory.controlRepository(named: request.key.name) else {
            await sightings.forget(request.key.name)
            return .gone
        }
        if let suspension = repository.spec.suspension(at: now()) { return .suspended(suspension) }
        let status = DriftStatus(request.resource?.status)
        let mirror = try await directory.mirror(of: repository)
        let heads = try await mirror.heads()
        let before = status?.whole ?? [:]
        let lines = DriftLine.lines(of: repository.spec, among: heads.keys, known: before.keys)
        let known = await sightings.known(of: repository.name)
        var branches: [DriftObservation.Branch] = []
        var seen: [DriftSightings.Key: DriftObservation.Branch] = [:]
        for line in lines {
            let last = before[line.branch]
            let key = DriftSightings.Key(line, heads: heads, before: last)
            // One call for each branch: a first look takes its time, and others wait for the mirror too.
            let branch =
                if let seen = known[key] { seen } else {
                    try await mirror.speculate {
                        try DriftObserver($0).look(at: line, heads: heads, before: last)
                    }
                }
            branches.append(branch)
            // A commit that is not here may be there at the next look.
            if branch.isLossUnknown { continue }
            seen[branch.lost.isEmpty && branch.gaps.isEmpty ? key.settled : key] = branch
        }
        await sightings.keep(seen, of: repository.name)
        var watched = WatchedBranches(
            policy: repository.spec.drift, stages: repository.spec.stages,
            observation: DriftObservation(branches: branches), heads: heads, before: before,
            answered: status?.answered ?? [:], time: now())
        (watched.takeBacks, watched.requests) = try await mirror.speculate { [watched] trial in
            (try Self.takeBacks(of: watched, in: trial), try Self.requests(among: watched, in: trial))
        }
        return .seen(DriftWatch(repository: repository, mirror: mirror, seen: watched))
    }

    /// What taking back would do, where the policy asks for it.
    private static func takeBacks(of seen: WatchedBranches, in trial: Speculation) throws -> [String: TakeBack] {
        var found: [String: TakeBack] = [:]
        for action in DriftDecision(seen.observation, policy: seen.policy, at: seen.time).actions {
            guard case .takeBack(let branch, let paths) = action else { continue }
            found[branch] = try takeBack(of: paths, from: branch, seen, in: trial)
        }
        return found
    }

    /// What taking files of a branch back into the first stage would do; nil when a branch for it is missing.
    static func takeBack(
        of paths: [String], from branch: String, _ seen: WatchedBranches, in trial: Speculation
    ) throws -> TakeBack? {
        let upstream = seen.observation.branches.first { $0.name == branch }?.upstream
        guard let head = seen.heads[branch], let above = upstream.flatMap({ seen.heads[$0] }),
            let stage = seen.stages.first.flatMap({ seen.heads[$0] })
        else { return nil }
        return try TakeBack(of: paths, at: head, from: above, onto: stage, in: trial)
    }

    /// The short-lived branches about drift, and whether they hold anything that somebody would miss.
    private static func requests(
        among seen: WatchedBranches, in trial: Speculation
    ) throws -> [WatchedBranches.Request] {
        let standing = seen.observation.branches.compactMap(\.head)
        return try seen.heads.sorted { $0.key < $1.key }.compactMap { branch, head in
            guard let name = DriftBranchName(branch),
                seen.observation.branches.contains(where: { $0.name == name.about })
            else { return nil }
            let isOurs =
                try trial.commit(head).committer.isSluice
                || standing.contains { try trial.isAncestor(head, of: $0) }
            return WatchedBranches.Request(name: name, head: head, isOurs: isOurs)
        }
    }
}
