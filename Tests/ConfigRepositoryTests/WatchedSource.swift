import ConfigRepository
import DesiredState
import Diagnostics
import Forges
import NIOConcurrencyHelpers
import StateStore

/// A source that counts what is read of candidates, and lets a test do something while a pass is under way.
struct WatchedSource: ConfigurationSource {
    let base: RepositorySource
    /// The candidates whose files were read, in order.
    let read = NIOLockedValueBox<[String]>([])
    /// What is done when the candidates are listed.
    var whileListing: @Sendable () async throws -> Void = {}
    /// What is answered to the first verdict instead of writing it.
    let firstOutcome = NIOLockedValueBox<ReportOutcome?>(nil)

    var identity: JSONValue { base.identity }
    var name: String { base.name }
    var takesResults: Bool { base.takesResults }
    var judgedBranch: JudgedBranch? { base.judgedBranch }

    func head(since applied: String?) async throws -> SourceHead { try await base.head(since: applied) }

    func proposals() async throws -> [Candidate] {
        try await whileListing()
        return try await base.proposals()
    }

    func bring(_ candidates: [Candidate]) async throws -> [Candidate] { try await base.bring(candidates) }

    func listing(
        of candidate: Candidate, after head: ConfigurationRevision
    ) async throws -> Result<DesiredStateListing, SluiceError> {
        read.withLockedValue { $0.append(candidate.id.rawValue) }
        return try await base.listing(of: candidate, after: head)
    }

    func report(_ result: RevisionResult) async throws { try await base.report(result) }

    func report(_ verdict: VerdictReport) async throws -> ReportOutcome {
        let first = firstOutcome.withLockedValue { outcome in
            defer { outcome = nil }
            return outcome
        }
        if let first { return first }
        return try await base.report(verdict)
    }
}
