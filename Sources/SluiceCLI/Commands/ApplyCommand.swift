import ArgumentParser
import DesiredState
import Diagnostics
import Foundation
import Terminal

/// `sluice apply`: manifests, brought into force by hand.
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Bring manifests into force beside what the controller reads.",
        discussion: """
            All of them or none, after the same checks as for a config repository. What the directory or repository says
            that the controller reads is not changed here: those objects are refused. What was applied stays until it is
            taken out with --prune, or until the repository names it and takes it over.

            EXAMPLES
              sluice apply -f land.yaml
              sluice apply -f manifests --dry-run
              sluice apply -f manifests --prune --confirm-deletions 12

            Exits with 8 when there is a mistake, with 4 when an object is managed elsewhere; a dry run exits with 1 when
            something would change.
            """)

    @Option(
        name: [.customShort("f"), .customLong("filename")], help: "A file, or a directory of files.",
        completion: .file())
    var path: String

    @Flag(name: .long, help: "Only show what would change.")
    var dryRun = false

    @Flag(name: .long, help: "Take out what was applied before and is not among the files.")
    var prune = false

    @Option(name: .long, help: "With --prune: allow so many to go, beyond the budget.")
    var confirmDeletions: Int?

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let listing = try ManifestFiles.read(path)
        let context = CommandContext.current
        let files = listing.map { file -> JSONValue in
            ["path": .string(file.path), "text": .string(String(decoding: file.bytes, as: UTF8.self))]
        }
        let answer = try await server.client().post(
            ["api", "v1", "configuration", "apply"],
            [
                ("dryRun", dryRun ? "true" : nil), ("prune", prune ? "true" : nil),
                ("confirmDeletions", confirmDeletions.map(String.init)),
            ], body: ["files": .array(files), "login": context.environment["USER"].map { .string($0) } ?? "unknown"]
        ).body
        let resources = answer["resources"]?.array ?? []
        for kept in answer["kept"]?.array ?? [] {
            context.console.say("\(kept.string ?? "") stays: \(ResourceMetadata.pruneAnnotation) is disabled")
        }
        if resources.isEmpty, output.output == .table || output.output == .wide {
            return context.console.say("nothing changes")
        }
        try output.print(answer, name: { _ in nil }) { _ in ConfigurationView.fields(of: answer) }
        if dryRun { throw ExitStatus.notReady }
    }
}

/// Manifests on this machine: one file, or those of a directory.
enum ManifestFiles {
    static func read(_ path: String) throws -> [DesiredStateFile] {
        let absolute = AbsolutePath.of(path)
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: absolute, isDirectory: &isDirectory)
        if exists, isDirectory.boolValue { return try DesiredStateReader().list(absolute).files }
        let bytes = try RegularFile.read(absolute, limit: ReadingLimits().fileSize)
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw CommandFailure(.invalid, "\(path) is no text in UTF-8")
        }
        return [DesiredStateFile(path: path, bytes: bytes)]
    }
}
