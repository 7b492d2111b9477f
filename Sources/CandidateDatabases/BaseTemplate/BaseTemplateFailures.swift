import DesiredState
import GitClient
public import StateStore

/// Which base commits are known not to deploy, and why: from the status of their base templates.
public struct BaseTemplateFailures: Sendable {
    private let resources: ResourceTable

    /// Reads from the controller's store.
    public init(store: StateStore) { resources = store.resources }

    /// Why a base failed with exactly this key; nil when it did not, or nobody remembers.
    func failure(of base: ObjectID, key: ContentKey, in registry: GateRegistry) async throws -> DeployFailure? {
        let template = GateKey.baseTemplate(base, of: registry.name, on: registry.remoteServer)
        guard let stored = try await resources.get(template),
            let status = BaseTemplateStatus(stored.status), status.key == key.rawValue
        else { return nil }
        return status.failure
    }
}
