import ConfigRepository
import ControlAPI
import DesiredState
import PostgresClient
import StateStore

/// Whether the controller is fit for work: its tables can be reached, and some desired state is in force.
struct ControllerReadiness: ReadinessProbe {
    let keeper: DesiredStateKeeper
    let store: StateStore

    func checks() async -> [ReadinessCheck] { [await stateStore, await desiredState] }

    private var stateStore: ReadinessCheck {
        get async {
            do {
                try await store.pool.query("SELECT 1", deadline: .seconds(2))
                return ReadinessCheck("state-store")
            } catch {
                return ReadinessCheck("state-store", problem: "the state database does not answer")
            }
        }
    }

    /// What keeps a new state from coming into force is no reason to be unfit while an earlier one is.
    private var desiredState: ReadinessCheck {
        get async {
            let said = try? await store.resources.get(Configuration.key)?.conditions[.ready]
            guard let said, said.status == .false else { return ReadinessCheck("desired-state") }
            // What is in force cannot be told from an empty state: the other check says that the store is out of reach.
            let isEmpty = (try? await keeper.state().isEmpty) ?? true
            return isEmpty
                ? ReadinessCheck("desired-state", problem: "nothing is in force: \(said.message)")
                : ReadinessCheck("desired-state", detail: said.message)
        }
    }
}
