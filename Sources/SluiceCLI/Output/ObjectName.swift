import ArgumentParser
import DesiredState
import Diagnostics
import Terminal

/// The kinds of objects as people write them: in any case, singular, plural or short.
enum KindName {
    private static let names: [(kind: String, words: [String])] = [
        ("Registry", ["registry", "registries", "reg"]), ("Candidate", ["candidate", "candidates", "cand"]),
        ("BaseTemplate", ["basetemplate", "basetemplates", "base"]), ("Forge", ["forge", "forges"]),
        ("DatabaseServer", ["databaseserver", "databaseservers", "server", "servers", "db"]),
        ("ControlRepository", ["controlrepository", "controlrepositories", "control"]),
        ("Release", ["release", "releases", "rel"]),
        ("Upstream", ["upstream", "upstreams", "up"]),
        ("RoleBinding", ["rolebinding", "rolebindings", "binding", "bindings"]),
        ("NotificationChannel", ["channel", "channels", "notificationchannel", "notificationchannels"]),
        ("Configuration", ["configuration", "config"]), ("Cleanup", ["cleanup"]),
    ]

    /// The kind that a word means.
    static func kind(_ word: String) throws -> String {
        let lowered = word.lowercased()
        if let found = names.first(where: { $0.words.contains(lowered) }) { return found.kind }
        let usual = names.map(\.words).prefix { $0 != ["cleanup"] }.compactMap(\.first)
        let nearest = Suggestion.nearest(to: lowered, in: names.flatMap(\.words)).map { "did you mean \($0)?" }
        throw CommandFailure(
            .usage, "there is no kind \(word.oneLine)",
            hint: nearest ?? "there are: \(usual.joined(separator: ", "))",
            code: "resource.unknown-kind")
    }

    /// The shortest full word for a kind.
    static func word(_ kind: String) -> String { names.first { $0.kind == kind }?.words.first ?? kind.lowercased() }
}

/// One object on the command line: `candidate/land/1042`.
struct ObjectName: ExpressibleByArgument, Sendable {
    /// The kind as it was written.
    let kindWord: String
    /// The name as it was written.
    private let name: String

    init?(argument: String) {
        let parts = argument.words(at: "/", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        kindWord = String(parts[0])
        name = String(parts[1])
    }

    init(kindWord: String, name: String) {
        self.kindWord = kindWord
        self.name = name
    }

    /// The kind. Throws for an unknown one.
    var kind: String { get throws { try KindName.kind(kindWord) } }

    /// The key. Slashes in a candidate's id may be written as they are, and as they are shown: encoded.
    var key: ResourceKey {
        get throws {
            let kind = try kind
            let parts = name.words(at: "/", maxSplits: 1).map(String.init)
            guard Self.composedKinds.contains(kind), parts.count == 2, parts[1].holds("/") else {
                return ResourceKey(kind: kind, name: name)
            }
            return ResourceKey(kind: kind, components: parts)
        }
    }

    /// The segments of a path of the API.
    var path: [String] { get throws { [try kind] + (try key.components) } }

    /// Kinds whose objects are named by their registry and an id.
    private static let composedKinds: Set = ["Candidate", "BaseTemplate"]
}
