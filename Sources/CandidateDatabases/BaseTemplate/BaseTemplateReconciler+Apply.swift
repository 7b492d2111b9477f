import DesiredState
import Diagnostics
import GitClient
import PostgresClient
public import Reconciliation

extension BaseTemplateReconciler {
    /// Carries out one action.
    public func apply(
        _ action: BaseTemplateAction, _ sight: Sight?, in task: TaskContext
    ) async throws -> TaskOutcome {
        guard let sight else { return .notNeeded(because: "the registry is not desired any more") }
        let server = sight.registry.databases
        switch action {
        case .discard(let name, let ifFailed):
            if ifFailed, try await server.provenance(of: name) == nil {
                return .notNeeded(because: "the changelog deployed")
            }
            try await server.drop(name)
            try await server.removeLogin(sight.registry.names.baseLogin(sight.base))
        case .cloneReference(let name):
            let cloned = try await server.cloneReference(into: name, provenance(of: sight, .building))
            guard cloned == sight.reference else {
                await fingerprints.forget(sight.registry)
                throw SluiceError(
                    "registry.reference-changed", .conflict, "the reference database changed since it was looked at")
            }
        case .deploy(let name): return try await deploy(in: name, sight, task)
        case .seal(let build, let name):
            guard try await server.provenance(of: build)?.state == .deployed else {
                return .notNeeded(because: "the changelog did not deploy")
            }
            try await server.seal(build, as: name)
        }
        return .done()
    }

    private func deploy(in name: String, _ sight: Sight, _ task: TaskContext) async throws -> TaskOutcome {
        let login = sight.registry.names.baseLogin(sight.base)
        let deploy = ChangelogDeploy(registry: sight.registry, database: name, login: login, notes: task.notes)
        var provenance = provenance(of: sight, .deployed)
        do {
            let content = try await sight.repository.content(at: sight.base)
            let outcome = try await deploy.run(content, comparing: .afterwards)
            provenance.changeSets = outcome.changeSets
            // Candidates that cannot be compared with it read it themselves, and say what is wrong.
            if case .success(let schema) = outcome.after { await schemas.remember(schema, of: sight.seen.name) }
        } catch {
            let error = SluiceError(wrapping: error)
            guard error.kind == .stalled else { throw error }
            return .failed(error)
        }
        try await sight.registry.databases.removeLogin(login, from: name)
        try await sight.registry.databases.stamp(name, provenance)
        return .done(["changeSets": .integer(provenance.changeSets)])
    }

    private func provenance(of sight: Sight, _ state: Provenance.State) -> Provenance {
        Provenance(
            instance: sight.registry.serverSpec.instance, registry: sight.registry.name, role: .baseTemplate,
            candidate: nil, revision: sight.base, base: sight.base, key: sight.key, state: state, at: now())
    }
}
