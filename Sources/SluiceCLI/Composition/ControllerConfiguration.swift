import ConfigRepository
import ControlAPI
import DesiredState
import Diagnostics
import Foundation
import IdentityTokens
import MigrationCommand
import Reconciliation
import StateStore

/// What a controller is told when it starts. Everything else is desired state.
struct ControllerConfiguration: Sendable {
    /// Where desired state is read from; nil when it is what people apply, and nothing else.
    var desiredState: DesiredStateOrigin?
    /// Where the controller keeps what is its own: the private database server, mirrors of repositories.
    var dataDirectory: String
    /// Where the HTTP interface listens, and the token that it asks for.
    var interface: ControlAPIConfiguration
    /// The URI of the database for the controller's own tables; nil for one on the private server.
    var stateDatabase: Secret<String>?
    /// The environment, for secrets that desired state keeps there.
    var environment: [String: String]
    /// Which migration programs may be run, and how they are confined.
    var migrations = MigrationPrograms.noneAllowed
    /// How often desired state is read again. A signal (SIGHUP) has it read at once.
    var rereadInterval: Duration = .seconds(15)
    /// How much of the history is kept; nil for all of it.
    var historyRetention: RetentionPolicy?
    /// Whose word about people is taken; nil for nobody's.
    var identityProvider: IdentityProvider?
    /// How much of desired state may change without a confirmation.
    var configurationPolicy = ConfigurationPolicy()
    /// The hosts, as `host` or `host:port`, that desired state may name although they are on a private network or are
    /// reached without TLS.
    var trustedHosts: [String] = []
    /// Whether clients of patch-tracking are answered.
    var answersPatchTracking = false
    /// The Forge of items whose repository has no address; nil for the only one that it can be.
    var trackingForge: String?
    /// The address at which people reach the interface; nil when nobody has said.
    var publicURL: String?
    /// Whether it is one person's again, although bindings or tokens were made before.
    var isPersonal = false
    /// What interferes at the boundaries of effects: nothing, in production.
    var failpoints: any Failpoints = NoFailpoints()

    /// The name under which this process holds leases: told from every other process, earlier ones included.
    let worker: String = "\(ProcessInfo.processInfo.hostName)-\(getpid())-\(UUID().uuidString.prefix(8).lowercased())"

    /// The directory of the private database server.
    var clusterDirectory: String { "\(dataDirectory)/postgres" }
    /// The directory that content is exported to for migration programs, one folder a run.
    var migrationDirectory: String { "\(dataDirectory)/migrations" }
    /// The directory that manifests are exported to for Puppet's own programs, one folder a run.
    var checksDirectory: String { "\(dataDirectory)/checks" }
    /// The directory of the mirrors.
    var mirrorDirectory: String { "\(dataDirectory)/mirrors" }
    /// The directory of the mirrors of control repositories, whose branches stand in them under their own names.
    var controlDirectory: String { "\(dataDirectory)/control" }
    /// The directory in which git's children find their credentials.
    var gitScratchDirectory: String { "\(dataDirectory)/git" }
    /// The directory in which mails lie while they are handed over.
    var mailDirectory: String { "\(dataDirectory)/mail" }
    /// The mirror of the config repository.
    var configMirror: String { "\(dataDirectory)/config-repository.git" }
}
