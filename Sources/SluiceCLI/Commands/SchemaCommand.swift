import ArgumentParser
import DesiredState
import Terminal

/// `sluice schema`: what manifests look like, for editors.
struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of a kind, for editors.",
        discussion: """
            The schemas of all kinds are in manifests/schemas. A manifest whose first line is

              # yaml-language-server: $schema=schemas/registry.json

            is completed and checked by editors that know the YAML language server. What only the whole can tell, such as
            whether a name that is referred to is there, is left to `sluice validate`.

            EXAMPLES
              sluice schema                 the kinds there are
              sluice schema registry > registry.json
            """)

    @Argument(help: "A kind of desired state; without one the kinds are listed.")
    var kind: String?

    func run() async throws {
        let console = CommandContext.current.console
        guard let kind else {
            for kind in ResourceKind.allCases { try console.print(kind.rawValue) }
            return
        }
        let name = try KindName.kind(kind)
        guard let known = ResourceKind(rawValue: name) else {
            throw CommandFailure(
                .usage, "objects of the kind \(name) are no desired state",
                hint: "there are: \(ResourceKind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        try console.printExactly(known.jsonSchema.prettyText)
    }
}
