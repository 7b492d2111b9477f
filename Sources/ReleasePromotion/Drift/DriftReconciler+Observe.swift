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
        let lines = DriftLine.lines(of: repository.spec, among: heads.keys)
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
            seen[key] = branch
        }
        await sightings.keep(seen, of: repository.name)
        return .seen(
            DriftWatch(
                repository: repository, mirror: mirror,
                seen: WatchedBranches(
                    policy: repository.spec.drift, stages: repository.spec.stages,
                    observation: DriftObservation(branches: branches), heads: heads, before: before,
                    answered: status?.answered ?? [:], time: now())))
    }
}
