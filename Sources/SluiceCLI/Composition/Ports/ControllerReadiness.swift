import ControlAPI
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

    /// A mistake in the directory is no reason to be unfit while an earlier state is in force.
    private var desiredState: ReadinessCheck {
        get async {
            let isEmpty = await keeper.state.isEmpty
            let problem = await keeper.problem
            return ReadinessCheck(
                "desired-state", problem: isEmpty && problem != nil ? "the directory of desired state is refused" : nil)
        }
    }
}
