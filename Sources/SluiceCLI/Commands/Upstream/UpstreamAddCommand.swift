import ArgumentParser
import DesiredState
import Diagnostics
import Terminal

/// `sluice upstream add`: one more upstream.
struct UpstreamAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Follow one more upstream branch.",
        discussion: """
            As sluice apply would with a manifest of these values. Without --start, patches begin with what comes after the
            first look. What the options do not have is in the manifest: sluice export, then sluice apply.

            EXAMPLES
              sluice upstream add tool --url https://git.example.org/tool.git --branch main \\
                --package gitlab:packages/tool --package-branch master
              sluice upstream add tool --url https://git.example.org/tool.git --branch main \\
                --package gitee:src/tool --package-branch master --folder patches --spec tool.spec
            """)

    @OptionGroup var options: UpstreamOptions

    @Option(name: .long, help: "Upstream's repository, as git fetches from it.")
    var url: String?

    @Option(name: .long, help: "Instead of --url: upstream's repository, as FORGE:PROJECT.")
    var source: String?

    @Option(name: .long, help: "Upstream's branch.")
    var branch: String

    @Option(name: .long, help: "The package's repository, as FORGE:PROJECT.")
    var package: String

    @Option(name: .long, help: "The package's branch.")
    var packageBranch: String

    @Option(name: .long, help: "The commit up to which the package has everything, 40 digits.")
    var start: String?

    @Option(name: .long, help: "The folder with upstream's files in the package, . for all of it.")
    var sources: String?

    @Option(name: .long, help: "The folder of the patches in the package.")
    var folder: String?

    @Option(name: .long, help: "The spec file of RPM that gets the patches.")
    var spec: String?

    @Option(name: .long, help: "How often to look, as 1h.")
    var interval: WaitingTime?

    func validate() throws {
        guard (url == nil) != (source == nil) else { throw ValidationError("say one of --url and --source") }
    }

    func run() async throws {
        var source = try source.map { try Self.project($0, of: "--source") } ?? [:]
        source["url"] = url.map { .string($0) }
        source["branch"] = .string(branch)
        source["start"] = start.map { .string($0) }
        var target = try Self.project(package, of: "--package")
        target["branch"] = .string(packageBranch)
        target["sources"] = sources.map { .string($0) }
        var patches: [String: JSONValue] = [:]
        patches["folder"] = folder.map { .string($0) }
        patches["edit"] = spec.map { ["rpm": ["spec": .string($0)]] }
        var document: [String: JSONValue] = ["source": .object(source), "package": .object(target)]
        if !patches.isEmpty { document["patches"] = .object(patches) }
        document["interval"] = interval.map { .string(ConfigurationDuration.format($0.duration)) }
        let client = try options.server.client()
        let ticket = try await client.post(
            ["api", "v1", "upstreams"],
            body: .object(
                options.actor.members.merging(["name": .string(options.name), "spec": .object(document)]) { $1 })
        ).body
        try await options.follow(ticket, client)
    }

    private static func project(_ text: String, of option: String) throws -> [String: JSONValue] {
        let parts = text.words(at: ":", maxSplits: 1).map(String.init)
        guard let forge = parts.first, parts.count == 2, let project = parts.last else {
            throw CommandFailure(.usage, "\(option) is FORGE:PROJECT", hint: "for example gitlab:packages/tool")
        }
        return ["forge": .string(forge), "project": .string(project)]
    }
}
