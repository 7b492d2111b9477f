import DesiredState
import Diagnostics
import GitClient
public import Reconciliation
import StateStore

extension ReleaseReconciler {
    /// Reads what is desired and the branches as they stand on the code host.
    public func observe(_ request: ReconcileRequest) async throws -> ReleaseSight {
        let spec = try spec(of: request)
        guard let repository = try await directory.controlRepository(named: spec.repository) else {
            return .orphaned(repository: spec.repository)
        }
        if let suspension = repository.spec.suspension(at: now()) { return .suspended(suspension) }
        let release = ReleaseName(repository: repository.name, release: request.key.name)
        let before = ReleaseStatus(request.resource?.status)
        let mirror = try await directory.mirror(of: repository)
        let listing = try await mirror.references(under: "refs/heads/")
        let heads = Dictionary(
            listing.targets.compactMap { name, id in name.branchName.map { ($0, id) } },
            uniquingKeysWith: { first, _ in first })
        let (rules, pins, time) = (repository.spec, pins(repository.spec), now())
        var seen = try await mirror.speculate { trial in
            try ReleaseReader(
                trial: trial, release: release, spec: spec, rules: rules, heads: heads,
                remembered: before?.remembered ?? [:], pins: pins
            ).read(at: time)
        }
        seen.isSourceDeleted = before?.isSourceDeleted ?? false
        return .seen(SeenRelease(repository: repository, mirror: mirror, seen: seen))
    }

    private func spec(of request: ReconcileRequest) throws -> ReleaseSpec {
        guard let stored = request.resource else {
            throw SluiceError(
                "release.unknown", .stalled, "there is no release \(request.key.name)", hint: "see: sluice get releases"
            )
        }
        guard let spec = try ResourceSpec(kind: .release, json: stored.spec).release else {
            throw SluiceError("release.unknown", .stalled, "\(request.key) is no release")
        }
        return spec
    }
}
