import DesiredState
import Diagnostics
import Foundation
import GitClient

/// Reads the records of the zones to which something was merged, a few at a time, and judges them.
struct ArrivalReader {
    /// Nil where nobody reads records: then nothing arrives that has to be proved.
    let records: (any DeployRecords)?
    let proofs: [String: ArrivalProof]
    let mirror: GitMirror

    /// How deploys stand, by branch.
    ///
    /// - Parameter proved: What earlier passes saw arrive. It is not asked again: what a zone gets later is the business of
    ///   whatever brings it.
    func arrivals(
        of deploys: [String: ExpectedDeploy], proved: [String: ReleaseStatus.Arrival], at now: Date
    ) async throws -> [String: Arrival] {
        var arrivals: [String: Arrival] = [:]
        var open: [(branch: String, proof: ArrivalProof, deploy: ExpectedDeploy)] = []
        for (branch, deploy) in deploys.sorted(by: { $0.key < $1.key }) {
            guard let proof = proofs[branch] else { continue }
            if let known = proved[branch], known.expected == deploy.commit.hex,
                let deployed = known.deployed.flatMap({ ObjectID(exactly: $0) })
            {
                arrivals[branch] = Arrival(
                    expected: deploy.commit, due: deploy.since + proof.within / .seconds(1), .arrived(deployed))
            } else {
                open.append((branch, proof, deploy))
            }
        }
        let readings = try await read(open.map(\.proof.place))
        for (entry, reading) in zip(open, readings) {
            arrivals[entry.branch] = Arrival(
                of: entry.deploy, in: reading, contains: try await contains(entry.deploy.commit, reading),
                within: entry.proof.within, at: now)
        }
        return arrivals
    }

    private func contains(_ expected: ObjectID, _ reading: RecordReading) async throws -> Bool? {
        guard case .found(let record) = reading, try await mirror.contains(record.commit) else { return nil }
        return try await mirror.speculate { trial in
            guard (try? trial.commit(record.commit)) != nil else { return nil }
            return try trial.isAncestor(expected, of: record.commit)
        }
    }

    private func read(_ places: [ArrivalProof.Place]) async throws -> [RecordReading] {
        guard let records else { return places.map { _ in .nothing("nobody reads records here") } }
        return try await withThrowingTaskGroup(of: (Int, RecordReading).self) { group in
            var found: [Int: RecordReading] = [:]
            for (index, place) in places.enumerated() {
                if index >= Self.atATime, let (done, reading) = try await group.next() { found[done] = reading }
                group.addTask { (index, try await Self.read(place, from: records)) }
            }
            for try await (done, reading) in group { found[done] = reading }
            return places.indices.map { found[$0] ?? .nothing("its record was not read") }
        }
    }

    private static func read(
        _ place: ArrivalProof.Place, from records: any DeployRecords
    ) async throws -> RecordReading {
        do {
            guard let bytes = try await records.read(place, limit: DeployRecord.limit) else {
                return .nothing("there is no record of a deploy yet")
            }
            return DeployRecord(bytes).map { .found($0) } ?? .nothing("what is there is no record of r10k's")
        } catch let error as CancellationError {
            throw error
        } catch {
            return .nothing("its record cannot be read: \(SluiceError(wrapping: error).message)")
        }
    }

    private static let atATime = 8
}
