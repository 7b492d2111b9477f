public import DesiredState
import Diagnostics
public import Foundation
import GitClient
public import Reconciliation
import StateStore

extension ReleaseReconciler {
    /// Reads what is desired and the branches as they stand on the code host.
    public func observe(_ request: ReconcileRequest) async throws -> ReleaseSight {
        guard let resource = request.resource else { return .gone }
        if resource.deletionRequestedAt != nil { return try await leaving(resource) }
        return try await observe(request, isProving: true)
    }

    /// - Parameter isProving: Whether merges of earlier passes are looked for. Once in a pass is enough: afterwards its own
    ///   merges stand where they might be.
    func observe(_ request: ReconcileRequest, isProving: Bool) async throws -> ReleaseSight {
        try await look(
            at: try spec(of: request), named: request.key.name, before: ReleaseStatus(request.resource?.status),
            generation: request.resource?.generation, since: request.resource?.createdAt, isProving: isProving)
    }

    /// Looks at a release, stored or not: how it stands, and what its merges would do. Changes nothing; this is the
    /// rehearsal that people ask for.
    /// - Parameters:
    ///   - before: What the controller said of it last.
    ///   - generation: Which version of what is desired this is.
    ///   - since: When it was first desired; nil when it is not.
    public func look(
        at spec: ReleaseSpec, named name: String, before: ReleaseStatus? = nil, generation: Int64? = nil,
        since: Date? = nil, isProving: Bool = true
    ) async throws -> ReleaseSight {
        guard let repository = try await directory.controlRepository(named: spec.repository) else {
            return .orphaned(repository: spec.repository)
        }
        if let suspension = repository.spec.suspension(at: now()) { return .suspended(suspension) }
        let release = ReleaseName(repository: repository.name, release: name)
        let mirror = try await directory.mirror(of: repository)
        let heads = try await mirror.heads()
        let (rules, pins, checks, time) = (repository.spec, pins(repository.spec), checks, now())
        let memory = memory
        let begun = isProving ? before?.begun ?? [] : []
        var (seen, contents) = try await mirror.speculate { trial in
            var seen = try ReleaseReader(
                trial: trial, release: release, spec: spec, rules: rules, heads: heads,
                remembered: before?.remembered ?? [:], pins: pins,
                known: before?.commit.flatMap { ObjectID(exactly: $0) }, memory: memory
            ).read(at: time)
            try seen.prove(begun, at: generation) { begun in
                try heads[begun.merge.target].map { try MergeProof(of: begun, on: $0, in: trial) }
            }
            // What is taken back was checked when it came.
            return (seen, seen.isGoing ? try checks?.contents(of: seen, in: trial) : nil)
        }
        if let contents, let checks {
            let (origin, walk) = (seen.origin, seen.walk)
            seen.verdict = try await checks.verdict(on: contents, of: seen) { read in
                try await mirror.speculate { trial in
                    _ = try origin.map { try Rehearser(trial).rehearse($0.commit, over: walk) }
                    return try read(trial)
                }
            }
        }
        if seen.isGoing, let pinHistory {
            let changes = (seen.rehearsal?.branches ?? []).flatMap { $0.trial?.pins ?? [] }
            seen.pinCommits = try await pinHistory.commits(between: changes, rules: rules)
        }
        seen.arrivals = try await ArrivalReader(records: records, proofs: rules.arrival, mirror: mirror)
            .arrivals(of: seen.deploys, proved: before?.arrivals ?? [:], at: time)
        if let window = spec.window, let since {
            let known = before?.window
            // A window that nobody has noted yet was there from the beginning.
            seen.windowSince = known.map { $0.window == window.description ? $0.since : time } ?? since
        }
        seen.knownSource = before?.source.flatMap { ObjectID(exactly: $0) }
        if spec.target == .cancelled {
            seen.isSourceShared = try await directory.isSource(spec.source, of: repository, beside: name)
        }
        // Taking back is tried again by itself: the sooner all branches are without it the better.
        if let before, before.stoppedAt == generation, generation != nil, seen.isGoing {
            // What somebody has merged by hand since is merged.
            let refused = before.failures.filter { !seen.has($0.key) }
            seen.failures.merge(refused) { found, _ in found }
        }
        seen.isSourceDeleted = before?.isSourceDeleted ?? false
        seen.verified = before?.verified
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
