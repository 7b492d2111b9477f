import DesiredState
import Diagnostics
import GitClient
import NIOConcurrencyHelpers

@testable import ReleasePromotion

/// Records that tests write in r10k's place.
final class ScriptedRecords: DeployRecords {
    private let files = NIOLockedValueBox<[ArrivalProof.Place: [UInt8]]>([:])
    private let asked = NIOLockedValueBox<[ArrivalProof.Place]>([])

    /// The places that were read, in order.
    var readings: [ArrivalProof.Place] { asked.withLockedValue(\.self) }

    func read(_ place: ArrivalProof.Place, limit: Int) throws -> [UInt8]? {
        asked.withLockedValue { $0.append(place) }
        return files.withLockedValue { $0[place] }
    }

    /// Has r10k deploy a commit.
    func deploy(_ commit: ObjectID, at place: ArrivalProof.Place, isSuccess: Bool = true) {
        files.withLockedValue { $0[place] = Self.record(of: commit, isSuccess: isSuccess) }
    }

    /// A record as r10k writes it.
    static func record(of commit: ObjectID, isSuccess: Bool = true) -> [UInt8] {
        let record: JSONValue = [
            "name": "zone01", "signature": .string(commit.hex), "started_at": "2026-02-11 20:00:00 +0000",
            "finished_at": "2026-02-11 20:00:07 +0000", "deploy_success": .bool(isSuccess),
            "module_deploys": [["name": "edge", "version": "main", "sha": "c5"]],
        ]
        return Array(record.prettyText.utf8)
    }
}
