import ArgumentParser
import DesiredState

/// `sluice get`: objects in a table.
struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "List objects, or show one.",
        discussion: """
            KINDS
              registry, candidate (cand), basetemplate (base), forge, databaseserver (db), controlrepository (control),
              release (rel), upstream (up), rolebinding (binding), channel, configuration (config)

            EXAMPLES
              sluice get                              everything
              sluice get candidates                   what is open, and how it stands
              sluice get candidate land/101 -o yaml
              sluice get registries -o json | jq '.items[].status.conditions'
            """)

    @Argument(help: "A kind, or kind/name.")
    var kind: String?

    @Argument(help: "A name.")
    var name: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let document: JSONValue
        if let object = try object() {
            document = try await client.get(["api", "v1", "resources"] + (try object.path)).body
        } else {
            document = try await client.list(
                ["api", "v1", "resources"] + (try kind.map { [try KindName.kind($0)] } ?? []))
        }
        let items = document["items"]?.array ?? [document]
        try output.print(document, name: ResourceView.name) { ResourceView.table(of: items, isWide: $0) }
    }

    private func object() throws -> ObjectName? {
        if let kind, let name { return ObjectName(kindWord: kind, name: name) }
        return kind.flatMap { ObjectName(argument: $0) }
    }
}
