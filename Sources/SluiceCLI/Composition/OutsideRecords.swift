import DesiredState
import Diagnostics
import Foundation
import OutboundHTTP
import ReleasePromotion

/// r10k's records of deploys: at URLs that may be reached, and in files of this machine.
struct OutsideRecords: DeployRecords {
    let client: OutboundClient

    func read(_ place: ArrivalProof.Place, limit: Int) async throws -> [UInt8]? {
        switch place {
        case .url(let url): try await fetch(try OutboundURL(url), limit)
        case .file(let path):
            FileManager.default.fileExists(atPath: path) ? try RegularFile.read(path, limit: limit) : nil
        }
    }

    private func fetch(_ url: OutboundURL, _ limit: Int) async throws -> [UInt8]? {
        let answer = try await client.send(OutboundRequest(.get, url, headers: [("Accept", "application/json")]))
        switch answer.status {
        case 200 where answer.body.count <= limit: return answer.body
        case 404, 410: return nil
        case 200:
            throw SluiceError("release.record-too-large", .stalled, "it is larger than \(limit) bytes")
        case let status:
            throw SluiceError(
                "release.record-unreadable", .stalled, "\(url.origin) answered with HTTP status \(status)")
        }
    }
}
