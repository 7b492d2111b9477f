public import DesiredState
import Diagnostics
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

    /// The base template of one commit of a registry's target branch: on the registry's own server, or another one.
    public static func baseTemplate(
        _ commit: ObjectID, of registry: String, on server: String? = nil
    ) -> ResourceKey {
        ResourceKey(
            kind: baseTemplateKind, components: [registry, server.map { "\(commit.hex).\($0)" } ?? commit.hex])
    }

    /// The commit, and the server that is not the registry's own, of the key of a base template.
    static func base(_ key: ResourceKey) -> (commit: ObjectID, server: String?)? {
        guard let rest = parts(key)?.rest else { return nil }
        let words = rest.parts(at: ".", maxSplits: 1).map(String.init)
        guard let commit = words.first.flatMap({ ObjectID(exactly: $0) }) else { return nil }
        return (commit, words.count > 1 ? words[1] : nil)
    }

    /// The registry and the id or commit of a key; nil when it is not of this form.
    static func parts(_ key: ResourceKey) -> (registry: String, rest: String)? {
        let components = key.components
        guard components.count == 2, let registry = components.first, let rest = components.last else { return nil }
        return (registry, rest)
    }
}
