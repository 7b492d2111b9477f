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
        let listing = try await mirror.references(under: "refs/heads/")
        let heads = Dictionary(
            listing.targets.compactMap { name, id in name.branchName.map { ($0, id) } },
            uniquingKeysWith: { first, _ in first })
        let memory = status?.remembered ?? [:]
        let lines = DriftLine.lines(of: repository.spec, among: heads.keys)
        let known = await sightings.known(of: repository.name)
        let seen = try await mirror.speculate { trial in
            try lines.map { line in
                let key = DriftSightings.Key(line, heads: heads, memory: memory[line.branch])
                let branch =
                    try known[key]
                    ?? DriftObserver(trial).look(at: line, heads: heads, memory: memory[line.branch])
                return (key, branch)
            }
        }
        await sightings.keep(Dictionary(seen) { first, _ in first }, of: repository.name)
        return .seen(
            DriftWatch(
                repository: repository, mirror: mirror,
                seen: WatchedBranches(
                    policy: repository.spec.drift, stages: repository.spec.stages,
                    observation: DriftObservation(branches: seen.map(\.1)), heads: heads, memory: memory,
                    answered: status?.answered ?? [:], time: now())))
    }
}
