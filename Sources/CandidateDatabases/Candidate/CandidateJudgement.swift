import Forges
import GitClient

/// What the databases of a candidate say about its present content.
struct CandidateJudgement: Sendable {
    /// The finding.
    enum Finding: Sendable, Hashable {
        /// A whole database of this content is there.
        case deployed(Provenance)
        /// The content does not deploy.
        case failed(DeployFailure)
        /// No database says anything about this content.
        case undecided

        var isDeployed: Bool { if case .deployed = self { true } else { false } }
    }

    let finding: Finding
    /// The database that people read, with what it says of itself.
    let published: Provenance?
    let open: OpenCandidate

    /// The words of the verdict.
    var text: VerdictText {
        let names = open.registry.names
        let name = names.published(open.seen.id)
        switch finding {
        case .deployed(let provenance):
            let subject: VerdictText.Subject =
                open.seen.touchesWatchedPaths
                ? .deployed(
                    changeSets: open.registry.spec.countsChangeSets ? provenance.changeSets : nil, database: name,
                    findings: provenance.findings)
                : .nothingToDeploy(database: name)
            let before = open.seen.published?.provenance
            return VerdictText(
                subject, for: open, carriedFrom: before?.key == open.seen.key ? before?.revision : nil,
                schema: provenance.schema)
        case .failed(let failure):
            return VerdictText(.failed(failure, database: published == nil ? nil : name), for: open)
        case .undecided: return VerdictText(.pending(open.wait), for: open)
        }
    }
}

extension VerdictText {
    init(_ subject: Subject, for open: OpenCandidate, carriedFrom: ObjectID? = nil, schema: SchemaNote? = nil) {
        self.init(
            subject, revision: open.candidate.revision, base: open.seen.base, key: open.seen.key,
            carriedFrom: carriedFrom, schema: schema)
    }
}

extension CandidateReconciler {
    /// Looks at the databases again: a deploy of this very run may have changed what they say.
    ///
    /// - Parameter failure: The failure of this run, whose database may be dropped already.
    func judgement(of open: OpenCandidate, after failure: DeployFailure? = nil) async throws -> CandidateJudgement {
        let (server, names, id) = (open.registry.databases, open.registry.names, open.seen.id)
        let published = try await server.provenance(of: names.published(id))
        let build = try await server.provenance(of: names.build(id))
        let kept = try await server.provenance(of: names.failed(id))
        for provenance in [build, published, kept].compactMap(\.self) where provenance.key == open.seen.key {
            switch provenance.state {
            case .deployed: return CandidateJudgement(finding: .deployed(provenance), published: published, open: open)
            case .failed(let failure):
                return CandidateJudgement(finding: .failed(failure), published: published, open: open)
            case .building: continue
            }
        }
        let remembered = open.seen.lastFailure.flatMap { $0.key == open.seen.key ? $0.failure : nil }
        if let failure = failure ?? remembered {
            return CandidateJudgement(finding: .failed(failure), published: published, open: open)
        }
        return CandidateJudgement(finding: .undecided, published: published, open: open)
    }
}
