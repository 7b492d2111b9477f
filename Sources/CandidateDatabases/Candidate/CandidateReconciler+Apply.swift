import DatabaseSchema
import DesiredState
import Diagnostics
import Forges
import GitClient
import PostgresClient
public import Reconciliation

extension CandidateReconciler {
    /// Carries out one step.
    public func apply(
        _ step: CandidateStep, _ sight: CandidateSight, in task: TaskContext
    ) async throws -> TaskOutcome {
        switch sight {
        case .orphaned: return .notNeeded(because: "the registry is not desired any more")
        case .suspended: return .notNeeded(because: "the registry is suspended")
        case .gone(let gone): return try await apply(step.action, gone)
        case .refused(let refused): return try await report(refused.report, to: refused.registry, refused.project)
        case .open(let open):
            if step.applies != .always {
                let deployed = try await judgement(of: open).finding.isDeployed
                if deployed != (step.applies == .ifDeployed) {
                    return .notNeeded(because: deployed ? "the changelog deployed" : "the changelog did not deploy")
                }
            }
            return try await apply(step.action, open, in: task)
        }
    }

    private func apply(_ action: CandidateAction, _ gone: GoneCandidate) async throws -> TaskOutcome {
        switch action {
        case .discard(let name):
            for place in gone.databases[name] ?? [] { try await place.databases.drop(name) }
        case .removeLogin(let name):
            for place in gone.places { try await place.databases.removeLogin(name) }
        default: return .notNeeded(because: "the candidate is gone")
        }
        return .done()
    }

    private func apply(
        _ action: CandidateAction, _ open: OpenCandidate, in task: TaskContext
    ) async throws -> TaskOutcome {
        let server = open.registry.databases
        let names = open.registry.names
        let id = open.seen.id
        switch action {
        case .reportPending: return try await report(VerdictText(.pending(open.wait), for: open), on: open)
        case .report: return try await report(try await judgement(of: open).text, on: open)
        case .discard(let name): try await server.drop(name)
        case .removeLogin(let name): try await server.removeLogin(name)
        case .clone(let name): try await clone(into: name, open)
        case .deploy(let name): return try await deploy(in: name, open, task)
        case .publish(let build, let name):
            try await server.publish(
                build, holding: open.seen.key, as: name, retiring: names.retired(id))
        case .keep(let build): try await server.keep(build, as: names.failed(id))
        case .restamp(let name):
            guard var provenance = try await server.provenance(of: name) else {
                throw SluiceError("candidate.database-gone", .conflict, "the database \(name) is gone")
            }
            provenance.revision = open.candidate.revision
            try await server.stamp(name, provenance)
        }
        return .done()
    }

    private func clone(into name: String, _ open: OpenCandidate) async throws {
        let template = open.registry.names.baseTemplate(open.baseKey)
        do {
            try await open.registry.databases.clone(template, into: name, provenance(of: open, .building))
            try await open.registry.databases.touch(template, at: now())
        } catch let error as PostgresError where error.hasState("3D000") {
            throw SluiceError(
                "candidate.base-template-gone", .conflict, "the base template was evicted meanwhile", cause: error)
        }
    }

    /// Deploys and writes the outcome into the database's provenance. A changelog that does not deploy is an outcome; a
    /// server that does not answer is not.
    private func deploy(in name: String, _ open: OpenCandidate, _ task: TaskContext) async throws -> TaskOutcome {
        let deploy = ChangelogDeploy(
            registry: open.registry, database: name, login: open.registry.names.login(open.seen.id),
            notes: task.notes)
        var provenance = provenance(of: open, .deployed)
        do {
            let outcome = try await deploy.run(
                try await open.repository.content(at: open.candidate.revision, mergedWith: open.mergeTarget),
                since: open.seen.touchesWatchedPaths ? try await open.repository.content(at: open.seen.base) : nil,
                adding: open.mergeFindings,
                comparing: await comparison(for: open))
            provenance.changeSets = outcome.changeSets
            provenance.findings = outcome.findings
            provenance.schema = await note(outcome, for: open)
        } catch {
            // What a changelog says when it is told to stop is no judgement on it.
            try Task.checkCancellation()
            var error = SluiceError(wrapping: error)
            if error.code == DeployInterruption.code {
                task.context.setStatus(try JSONValue(encoding: open.interruptedStatus))
                if open.interruptions + 1 >= DeployInterruption.limit { error = DeployInterruption.final(error) }
            }
            guard error.kind == .stalled else { throw error }
            provenance.state = .failed(DeployFailure(error))
            try await open.registry.databases.stamp(name, provenance)
            return .failed(error)
        }
        try await open.registry.databases.stamp(name, provenance)
        return .done(["changeSets": .integer(provenance.changeSets)])
    }

    /// Files that are the base's leave its schema as it is.
    private func comparison(for open: OpenCandidate) async -> ChangelogDeploy.Comparison {
        guard open.seen.touchesWatchedPaths else { return .none }
        let template = open.registry.names.baseTemplate(open.baseKey)
        return await schemas.known(template) == nil ? .beforeAndAfterwards : .afterwards
    }

    /// What the deploy changed in the base's schema; a clone of the base is the base until something runs in it.
    private func note(_ outcome: ChangelogDeploy.Outcome, for open: OpenCandidate) async -> SchemaNote? {
        let template = open.registry.names.baseTemplate(open.baseKey)
        do {
            guard let after = try outcome.after?.get() else { return nil }
            if let before = try outcome.before?.get() { await schemas.remember(before, of: template) }
            guard let before = await schemas.known(template) else { return nil }
            return SchemaNote(SchemaDifference(from: before, to: after))
        } catch {
            return SchemaNote(unknownBecause: error)
        }
    }

    private func report(_ text: VerdictText, on open: OpenCandidate) async throws -> TaskOutcome {
        let report = VerdictReport(
            candidate: open.candidate.id, revision: open.candidate.revision, verdict: text.verdict,
            summary: text.summary, body: text.body)
        return try await self.report(report, to: open.registry, open.project)
    }

    private func report(
        _ report: VerdictReport, to registry: GateRegistry, _ project: ProjectRef
    ) async throws -> TaskOutcome {
        switch try await registry.forge.report(report, project: project) {
        case .posted: return .done(["verdict": .integer(report.verdict.rawValue)])
        case .alreadyThere: return .notNeeded(because: "the verdict stands there already")
        case .revisionMoved:
            throw SluiceError(
                "candidate.revision-moved", .conflict, "the candidate went on to another revision meanwhile")
        }
    }

    private func provenance(of open: OpenCandidate, _ state: Provenance.State) -> Provenance {
        Provenance(
            instance: open.registry.serverSpec.instance, registry: open.registry.name, role: .candidate,
            candidate: open.seen.id, revision: open.candidate.revision, base: open.seen.base, key: open.seen.key,
            state: state, at: now(), template: open.registry.names.baseTemplate(open.baseKey))
    }
}
