public import DesiredState
public import GitClient

/// The kinds of objects that the gate keeps, and their keys.
public enum GateKey {
    /// The kind of ``registry(_:)``.
    public static let registryKind = "Registry"
    /// The kind of ``candidate(_:of:)``.
    public static let candidateKind = "Candidate"
    /// The kind of ``baseTemplate(_:of:)``.
    public static let baseTemplateKind = "BaseTemplate"

    /// A registry.
    public static func registry(_ name: String) -> ResourceKey { ResourceKey(kind: registryKind, name: name) }

    /// A candidate of a registry.
    public static func candidate(_ id: String, of registry: String) -> ResourceKey {
        ResourceKey(kind: candidateKind, components: [registry, id])
    }

    /// The base template of one commit of a registry's target branch.
    public static func baseTemplate(_ commit: ObjectID, of registry: String) -> ResourceKey {
        ResourceKey(kind: baseTemplateKind, components: [registry, commit.hex])
    }

    /// The registry and the id or commit of a key; nil when it is not of this form.
    static func parts(_ key: ResourceKey) -> (registry: String, rest: String)? {
        let components = key.components
        guard components.count == 2, let registry = components.first, let rest = components.last else { return nil }
        return (registry, rest)
    }
}
