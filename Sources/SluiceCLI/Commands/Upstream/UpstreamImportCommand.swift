import ArgumentParser
import DesiredState
import Diagnostics
import Foundation
import Terminal
import UpstreamTracking

/// `sluice upstream import`: what patch-tracking follows.
struct UpstreamImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take over what openEuler's patch-tracking follows.",
        discussion: """
            Reads its files of one item each (.yaml, .yml), folders of them, and lists as its server answers them (.json), which
            alone have the commits up to which each package has everything:

              curl -k 'https://patch-tracking.example.org:5001/tracking' > items.json

            An upstream that is there for the branch of a package gets what the item says, and keeps everything else. Nothing
            that is read is executed. What cannot be taken over is named with its reason, and the rest is brought into
            force as by sluice apply; --print writes the manifests instead, for a config repository.

            EXAMPLES
              sluice upstream import items.json --forge gitee --settings /etc/patch-tracking/settings.conf --dry-run
              sluice upstream import /etc/patch-tracking/items --forge gitee
              sluice upstream import items.json --forge gitee --print > manifests/upstreams.yaml

            Exits with 8 when something could not be taken over; a dry run exits with 1 when something would change.
            """)

    @Argument(help: "Files and folders.", completion: .file())
    var paths: [String]

    @Option(name: .long, help: "The Forge that the packages' repositories are on.")
    var forge: String

    @Option(name: .long, help: "The settings.conf of patch-tracking, for the interval.", completion: .file())
    var settings: String?

    @Flag(name: .long, help: "The packages have no spec file to be edited.")
    var noSpec = false

    @Flag(name: .long, help: "Only show what would change.")
    var dryRun = false

    @Flag(name: .customLong("print"), help: "Only write the manifests.")
    var prints = false

    @OptionGroup var actor: ActorOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let console = CommandContext.current.console
        let settings = try settings.map { TrackingSettings(try Self.text($0)) }
        for line in settings?.left ?? [] { console.say("settings: \(line)") }
        if settings?.passwordHash != nil { console.say(Self.aboutUsers) }
        var refused = 0
        func refuse(_ place: String, _ message: String) {
            refused += 1
            console.say("\(place): \(message)")
        }
        let there = prints ? [] : try await server.client().list(["api", "v1", "upstreams"])["items"]?.array ?? []
        var upstreams = TrackingImport(on: forge, beside: there, every: settings?.interval, editsSpec: !noSpec)
        var manifests: [JSONValue] = []
        for path in try files() {
            do {
                let items = try TrackingItemFile.items(try Self.text(path), name: path)
                for (index, item) in items.enumerated() {
                    do {
                        manifests.append(try upstreams.manifest(of: try item.get()))
                    } catch {
                        refuse(items.count == 1 ? path : "\(path), item \(index + 1)", error.message)
                    }
                }
            } catch let error as SluiceError {
                refuse(path, error.message)
            } catch let error as CommandFailure {
                refuse(path, error.message)
            }
        }
        try await bring(manifests)
        if refused > 0 {
            throw CommandFailure(
                .invalid, "\(refused) item\(refused == 1 ? " was" : "s were") not taken over",
                code: "patch-tracking.item-invalid")
        }
    }

    private func bring(_ manifests: [JSONValue]) async throws {
        let console = CommandContext.current.console
        guard !manifests.isEmpty else { return console.say("there is nothing to take over") }
        let text = manifests.map { YAMLText.of($0) }.joined(separator: "---\n")
        if prints { return try console.printExactly(String(text.dropLast())) }
        let answer = try await server.client().post(
            ["api", "v1", "configuration", "apply"], [("dryRun", dryRun ? "true" : nil)],
            body: [
                "files": [["path": "patch-tracking.yaml", "text": .string(text)]],
                "author": actor.said.map { .string($0) } ?? .null, "login": actor.login.map { .string($0) } ?? .null,
            ]
        ).body
        guard answer["resources"]?.array?.isEmpty == false else { return console.say("nothing changes") }
        try output.print(answer, name: { _ in nil }) { _ in ConfigurationView.fields(of: answer) }
        if dryRun { throw ExitStatus.notReady }
    }

    /// The files themselves; of a folder those that may hold items, in the order of their names.
    private func files() throws -> [String] {
        try paths.flatMap { path -> [String] in
            let absolute = AbsolutePath.of(path)
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: absolute, isDirectory: &isDirectory),
                isDirectory.boolValue
            else { return [path] }
            let names = try FileManager.default.contentsOfDirectory(atPath: absolute).sorted()
            return names.compactMap { name in
                if [".yaml", ".yml", ".json"].contains(where: name.lowercased().ends(with:)) {
                    return "\(path)/\(name)"
                }
                CommandContext.current.console.say(
                    "\(path)/\(name): left out: its name ends in none of .yaml, .yml, .json")
                return nil
            }
        }
    }

    private static func text(_ path: String) throws -> String {
        let bytes = try RegularFile.read(AbsolutePath.of(path), limit: ReadingLimits().fileSize)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(.invalid, "it is no text in UTF-8")
        }
        return text
    }

    private static let aboutUsers =
        "settings: USER and PASSWORD: see docs/reference/old-tracking-interface.md for how its clients go on"
}
