import ArgumentParser
import DesiredState
import Diagnostics

/// The kinds of objects as people write them: in any case, singular, plural or short.
enum KindName {
    private static let names: [(kind: String, words: [String])] = [
        ("Registry", ["registry", "registries", "reg"]), ("Candidate", ["candidate", "candidates", "cand"]),
        ("BaseTemplate", ["basetemplate", "basetemplates", "base"]), ("Forge", ["forge", "forges"]),
        ("DatabaseServer", ["databaseserver", "databaseservers", "server", "servers", "db"]),
        ("Cleanup", ["cleanup"]), ("Configuration", ["configuration"]),
    ]

    /// The kind that a word means.
    static func kind(_ word: String) throws -> String {
        let lowered = word.lowercased()
        if let found = names.first(where: { $0.words.contains(lowered) }) { return found.kind }
        let nearest = Suggestion.nearest(to: lowered, in: names.flatMap(\.words)).map { "did you mean \($0)?" }
        throw CommandFailure(
            .usage, "there is no kind \(word.oneLine)",
            hint: nearest ?? "there are: \(names.compactMap(\.words.first).joined(separator: ", "))",
            code: "resource.unknown-kind")
    }

    /// The shortest full word for a kind.
    static func word(_ kind: String) -> String { names.first { $0.kind == kind }?.words.first ?? kind.lowercased() }
}

/// One object on the command line: `candidate/land/1042`.
struct ObjectName: ExpressibleByArgument, Sendable {
    /// The kind as it was written.
    let kindWord: String
    /// The name.
    let name: String

    init?(argument: String) {
        let parts = argument.split(separator: "/", maxSplits: 1)
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

    /// The segments of a path of the API. A name's components are separated by slashes; those inside are encoded.
    var path: [String] { get throws { [try kind] + ResourceKey(kind: try kind, name: name).components } }
}
