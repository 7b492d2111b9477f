public import Diagnostics

/// The spec of a resource of any kind.
public enum ResourceSpec: Hashable, Sendable {
    /// A code host.
    case forge(ForgeSpec)
    /// A PostgreSQL server on which candidate databases live.
    case databaseServer(DatabaseServerSpec)
    /// A registry whose changelogs are gated.
    case registry(RegistrySpec)
    /// A Puppet control repository whose branches are environments.
    case controlRepository(ControlRepositorySpec)
    /// A release of a control repository.
    case release(ReleaseSpec)
    /// An upstream branch that a package follows.
    case upstream(UpstreamSpec)
    /// Who may do what.
    case roleBinding(RoleBindingSpec)
    /// Where people are told of what happens.
    case notificationChannel(NotificationChannelSpec)

    /// The kind it is a spec of.
    public var kind: ResourceKind {
        switch self {
        case .forge: .forge
        case .databaseServer: .databaseServer
        case .registry: .registry
        case .controlRepository: .controlRepository
        case .release: .release
        case .upstream: .upstream
        case .roleBinding: .roleBinding
        case .notificationChannel: .notificationChannel
        }
    }

    /// The spec of a forge, nil for other kinds.
    public var forge: ForgeSpec? { if case .forge(let spec) = self { spec } else { nil } }

    /// The spec of a database server, nil for other kinds.
    public var databaseServer: DatabaseServerSpec? { if case .databaseServer(let spec) = self { spec } else { nil } }

    /// The spec of a registry, nil for other kinds.
    public var registry: RegistrySpec? { if case .registry(let spec) = self { spec } else { nil } }

    /// The spec of a control repository, nil for other kinds.
    public var controlRepository: ControlRepositorySpec? {
        if case .controlRepository(let spec) = self { spec } else { nil }
    }

    /// The spec of a release, nil for other kinds.
    public var release: ReleaseSpec? { if case .release(let spec) = self { spec } else { nil } }

    /// The spec of an upstream, nil for other kinds.
    public var upstream: UpstreamSpec? { if case .upstream(let spec) = self { spec } else { nil } }

    /// The spec of a binding, nil for other kinds.
    public var roleBinding: RoleBindingSpec? { if case .roleBinding(let spec) = self { spec } else { nil } }

    /// The spec of a channel, nil for other kinds.
    public var notificationChannel: NotificationChannelSpec? {
        if case .notificationChannel(let spec) = self { spec } else { nil }
    }
}

extension ResourceSpec {
    /// The spec as it is stored: every value that is in force, defaults included.
    public var json: JSONValue { kind.schema.write(self) }

    /// Reads back what ``json`` wrote. Throws `DiagnosticsError` when it was written by other rules than today's.
    public init(kind: ResourceKind, json: JSONValue) throws(DiagnosticsError) {
        var findings = Findings()
        let node = SourceNode(json, location: SourceLocation(file: "stored \(kind.rawValue)"))
        guard let spec = findings.within(.key("spec"), { kind.schema.read(node, &$0) }) else {
            throw DiagnosticsError(findings.diagnostics)
        }
        self = spec
    }
}
