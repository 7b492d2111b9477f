import AccessControl
import ControlAPI
import StateStore

/// Who may do what, by the desired state that is in force.
struct KeptAccess: AccessDirectory {
    let keeper: DesiredStateKeeper
    let store: StateStore

    func rules() async throws -> AccessRules { try await keeper.state().access }

    func isShared() async throws -> Bool { try await store.isShared() }
}
