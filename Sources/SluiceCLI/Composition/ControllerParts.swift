import CandidateDatabases
import ConfigRepository
import Logging
import StateStore

/// The parts that the engine and the interface of a controller ask, once each of them knows the others that it asks itself.
struct ControllerParts {
    let configuration: ControllerConfiguration
    let store: StateStore
    let keeper: DesiredStateKeeper
    let configuring: ConfigurationReconciler?
    let servers: DatabaseServers
    let forges: ForgeFactory
    let gates: GateDirectory
    let control: ControlRepositories
    let upstreams: Upstreams
    let schemas = BaseSchemas()
    let metrics: ControllerMetrics
    let logger: Logger
}
