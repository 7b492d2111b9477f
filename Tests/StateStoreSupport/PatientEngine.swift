public import Reconciliation
import StateStore

extension EngineConfiguration {
    /// How engines of tests work: the key of a dead one waits for nobody, and on a machine that stands still for a while no
    /// lease runs out. Where one has to, the test says so.
    public static func patient(worker: String) -> EngineConfiguration {
        var configuration = EngineConfiguration(worker: worker, leaseDuration: .seconds(3600))
        configuration.quarantine = QuarantinePolicy(suspectDelay: .zero)
        return configuration
    }
}
