/// The kinds of resources there are. A new kind is a case here and a file beside this one.
public enum ResourceKind: String, Sendable, CaseIterable {
    /// A code host.
    case forge = "Forge"
    /// A PostgreSQL server.
    case databaseServer = "DatabaseServer"
    /// A registry whose changelogs are gated.
    case registry = "Registry"
    /// A Puppet control repository whose branches are environments.
    case controlRepository = "ControlRepository"
    /// A release of a control repository.
    case release = "Release"
    /// An upstream branch that a package follows.
    case upstream = "Upstream"
    /// Who may do what.
    case roleBinding = "RoleBinding"
    /// Where people are told of what happens.
    case notificationChannel = "NotificationChannel"

    /// Whether a reconciler walks its objects to where they should be, and has the last word when one goes. The others are only
    /// named by these.
    public var isReconciled: Bool {
        switch self {
        case .forge, .databaseServer, .roleBinding: false
        case .registry, .controlRepository, .release, .upstream, .notificationChannel: true
        }
    }

    /// The version that every document names.
    public static let apiVersion = "sluice.dev/v1alpha1"

    /// The kinds for a message.
    static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

    /// How a spec of the kind is read and written.
    var schema: Schema<ResourceSpec> {
        switch self {
        case .forge: Self.wrap(ForgeSpec.schema, ResourceSpec.forge, \.forge)
        case .databaseServer: Self.wrap(DatabaseServerSpec.schema, ResourceSpec.databaseServer, \.databaseServer)
        case .registry: Self.wrap(RegistrySpec.schema, ResourceSpec.registry, \.registry)
        case .controlRepository:
            Self.wrap(ControlRepositorySpec.schema, ResourceSpec.controlRepository, \.controlRepository)
        case .release: Self.wrap(ReleaseSpec.schema, ResourceSpec.release, \.release)
        case .upstream: Self.wrap(UpstreamSpec.schema, ResourceSpec.upstream, \.upstream)
        case .roleBinding: Self.wrap(RoleBindingSpec.schema, ResourceSpec.roleBinding, \.roleBinding)
        case .notificationChannel:
            Self.wrap(NotificationChannelSpec.schema, ResourceSpec.notificationChannel, \.notificationChannel)
        }
    }

    /// The JSON Schema (draft 2020-12) of a whole document of the kind, for editors.
    public var jsonSchema: JSONValue {
        [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": .string(rawValue), "type": "object",
            "additionalProperties": false, "required": ["apiVersion", "kind", "metadata", "spec"],
            "properties": [
                "apiVersion": ["const": .string(Self.apiVersion)], "kind": ["const": .string(rawValue)],
                "metadata": ResourceMetadata.schema.description, "spec": schema.description,
            ],
        ]
    }

    private static func wrap<Spec: Sendable>(
        _ schema: Schema<Spec>, _ wrap: @escaping @Sendable (Spec) -> ResourceSpec,
        _ unwrap: @escaping @Sendable (ResourceSpec) -> Spec?
    ) -> Schema<ResourceSpec> {
        Schema(
            description: schema.description, read: { node, findings in schema.read(node, &findings).map(wrap) },
            write: { spec in unwrap(spec).map(schema.write) ?? .null })
    }
}
