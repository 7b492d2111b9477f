import AccessControl
import ControlAPI

/// Who may do what, by the desired state that is in force.
struct KeptAccess: AccessDirectory {
    let keeper: DesiredStateKeeper

    func rules() async throws -> AccessRules { try await keeper.state().access }
}
