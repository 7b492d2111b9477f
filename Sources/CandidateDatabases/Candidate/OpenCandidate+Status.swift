import DesiredState
import Forges
import GitClient

extension CandidateStatus {
    /// The status of a candidate of which no database can be made.
    init(_ refused: RefusedCandidate) {
        self.init(state: .failed)
        title = refused.candidate.title
        revision = refused.candidate.revision
        settledRevision = refused.candidate.revision
        verdict = Verdict.failed.rawValue
        failure = refused.failure
    }
}

extension OpenCandidate {
    /// What keeps a database from being made of it; nil when nothing does.
    var wait: CandidatePlan.Wait? {
        if case .waiting(let wait, _) = CandidatePlan.decide(seen) { wait } else { nil }
    }

    /// The failure that a build of an earlier run recorded about the present content.
    var oldFailure: DeployFailure? {
        guard let provenance = seen.build?.provenance, provenance.key == seen.key,
            case .failed(let failure) = provenance.state
        else { return nil }
        return failure
    }

    /// How many deploys of the present content in a row broke off.
    var interruptions: Int { before?.interruptedKey == seen.key.rawValue ? before?.interruptions ?? 0 : 0 }

    /// The status after another deploy of the present content broke off.
    var interruptedStatus: CandidateStatus {
        var status = status(as: .waiting)
        status.interruptions = interruptions + 1
        status.interruptedKey = seen.key.rawValue
        return status
    }

    /// The status while something is still to be done.
    func status(as state: CandidateStatus.State) -> CandidateStatus {
        var status = CandidateStatus(state: state)
        status.title = candidate.title
        status.revision = candidate.revision
        status.base = seen.base
        status.key = seen.key.rawValue
        status.server = hasPlace ? registry.serverName : nil
        status.baseTemplate = registry.names.baseTemplate(baseKey)
        status.circumstances = circumstances
        status.verdict = seen.verdict?.verdict.rawValue
        show(seen.published?.provenance, in: &status)
        status.findings = findings
        status.failure = before?.failure
        status.failedKey = before?.failedKey
        status.interruptions = interruptions == 0 ? nil : interruptions
        status.interruptedKey = interruptions == 0 ? nil : seen.key.rawValue
        return status
    }

    /// The status when there was nothing to do: settled, or waiting.
    var settledStatus: CandidateStatus {
        guard case .settled = CandidatePlan.decide(seen) else { return status(as: .waiting) }
        var status = status(as: seen.verdict?.verdict == .failed ? .failed : .ready)
        status.settledRevision = candidate.revision
        return status
    }

    /// The status after a run.
    func status(after judgement: CandidateJudgement) -> CandidateStatus {
        var status = status(as: .waiting)
        show(judgement.published, in: &status)
        switch judgement.finding {
        case .deployed(let provenance):
            status.state = .ready
            status.verdict = Verdict.success.rawValue
            status.changeSets = provenance.changeSets
            status.findings = provenance.findings
            // Not settled while it is not there under its name: a server that lost its last moments may have lost that.
            if judgement.published?.key == seen.key { status.settledRevision = candidate.revision }
            (status.failure, status.failedKey) = (nil, nil)
            (status.interruptions, status.interruptedKey) = (nil, nil)
        case .failed(let failure):
            status.state = .failed
            status.verdict = Verdict.failed.rawValue
            status.settledRevision = candidate.revision
            (status.failure, status.failedKey) = (failure, seen.key.rawValue)
        case .undecided: break
        }
        return status
    }

    /// What was found in the present content: the database of it says so, or the status of the run that refused it.
    private var findings: GateFindings? {
        if let published = seen.published?.provenance, published.key == seen.key { return published.findings }
        return before?.key == seen.key.rawValue ? before?.findings : nil
    }

    private func show(_ published: Provenance?, in status: inout CandidateStatus) {
        status.database = published == nil ? nil : registry.names.published(seen.id)
        status.shows = published?.revision
        status.changeSets = published?.changeSets
        status.schemaChanges = published?.schema
    }
}
