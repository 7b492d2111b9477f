import ControlAPI
import Diagnostics
import Foundation
import OutboundHTTP

/// How the hosts stand with the one HTTP client.
struct HostReports: HostDirectory {
    let client: OutboundClient

    func hosts() async -> [HostStanding] { await client.reports().map { HostStanding($0, at: Date()) } }
}

extension HostStanding {
    /// What the client reports, as points in time.
    init(_ report: HostReport, at now: Date) {
        let waiting = report.waiting.map { now.addingTimeInterval($0 / .seconds(1)) }
        let state: State =
            switch report.breaker {
            case .open, .halfOpen: .failing
            case .closed: waiting == nil ? .open : .limited
            }
        self.init(
            origin: report.origin, state: state, until: waiting, limit: report.rateLimit?.limit,
            remaining: report.rateLimit?.remaining, resets: report.rateLimit?.resets, requests: report.requests)
    }
}
