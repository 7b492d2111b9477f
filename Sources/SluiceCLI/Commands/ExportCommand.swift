import ArgumentParser
import DesiredState
import Terminal

/// `sluice export`: what is in force, as manifests.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write what is in force as manifests, every default spelled out.",
        discussion: """
            What is written reads back as exactly the same desired state. Objects that are being taken down are left out,
            and those that the controller makes itself, such as candidates, are no desired state.

            EXAMPLES
              sluice export > state.yaml
              sluice export registries
              sluice export registry/land
            """)

    @Argument(help: "A kind, or kind/name; everything when left out.")
    var object: String?

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let documents = try await resources(client).compactMap(ManifestText.of)
        guard !documents.isEmpty else { return CommandContext.current.console.say("nothing is in force") }
        try CommandContext.current.console.printExactly(String(documents.joined(separator: "---\n").dropLast()))
    }

    private func resources(_ client: ControlClient) async throws -> [JSONValue] {
        if let name = object.flatMap({ ObjectName(argument: $0) }) {
            try requireDesired(try name.kind)
            return [try await client.get(["api", "v1", "resources"] + (try name.path)).body]
        }
        let kinds = try object.map { [try KindName.kind($0)] } ?? ResourceKind.allCases.map(\.rawValue)
        var all: [JSONValue] = []
        for kind in kinds {
            try requireDesired(kind)
            all += try await client.list(["api", "v1", "resources", kind])["items"]?.array ?? []
        }
        return all
    }

    private func requireDesired(_ kind: String) throws(CommandFailure) {
        guard ResourceKind(rawValue: kind) == nil else { return }
        throw CommandFailure(
            .usage, "objects of the kind \(kind) are no desired state",
            hint: "there are: \(ResourceKind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
}

/// An object of the interface as a manifest.
enum ManifestText {
    /// The manifest; nil for an object that is being taken down.
    static func of(_ resource: JSONValue) -> String? {
        guard resource["metadata"]?["deletionRequestedAt"]?.string == nil, let metadata = resource["metadata"]?.object
        else { return nil }
        let kept = metadata.filter { key, value in
            ["name", "labels", "annotations", "dependsOn"].contains(key) && value != [:] && value != []
        }
        return YAMLText.of([
            "apiVersion": resource["apiVersion"] ?? .null, "kind": resource["kind"] ?? .null,
            "metadata": .object(kept), "spec": resource["spec"] ?? .null,
        ])
    }
}
