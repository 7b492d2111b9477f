import ChildProcess
import DesiredState
import Foundation
import GitClient
import Terminal
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("A controller on a config repository", .serialized)
struct ConfigRepositoryStoryTests {
    private func sluice(_ controller: ServedController, _ arguments: String...) async -> Invocation {
        let server = controller.client.server.absoluteString
        return await Invocation.record(environment: ["SLUICE_SERVER": server]) { context in
            await Sluice.run(arguments, in: context)
        }
    }

    @Test("A push comes into force, a broken one does not, and what people apply lives beside it")
    func story() async throws {
        try await withTemporaryDirectory("config-story") { root in
            let directories = DemoDirectories(root: "\(root)/demo")
            try directories.make()
            let repository = try await ScriptedRepository.create(at: "\(directories.repositories)/config.git")
            let manifests = SampleRegistry.manifests(repositories: directories.repositories)
                .mapValues { ScriptedFile.text($0) }
            func below(_ files: [String: ScriptedFile]) -> [String: ScriptedFile] {
                Dictionary(uniqueKeysWithValues: files.map { ("sluice/\($0.key)", $0.value) })
            }
            let first = try await repository.push(below(manifests), to: "main", message: "What should be")
            let controller = try await ServedController.start(
                directories, desiredState: ["--config-repo", repository.path, "--path", "sluice"])
            func revision() async throws -> String? {
                try await controller.client.get(["api", "v1", "resources", "Configuration", "desired-state"])
                    .body["spec"]?["revision"]?["id"]?.string
            }
            #expect(try await revision() == first.hex)
            // The push is noticed by watching the repository: no hook, and long before the timer.
            let second = try await repository.push(
                below(["spare.yaml": .text(Self.spare("spare"))]), to: "main", message: "A spare forge")
            _ = try await eventually("the push to come into force") {
                try await revision() == second.hex ? true : nil
            }
            try await repository.push(below(["broken.yaml": "kind: Registri\n"]), to: "main")
            let said = try await eventually("the mistake to be said") {
                let shown = await sluice(controller, "explain", "configuration/desired-state")
                return shown.output.contains("is stalled") ? shown.output : nil
            }
            #expect(said.contains("sluice/broken.yaml:1:1: the key \"apiVersion\" is missing"))
            #expect(said.contains("stays in force"))
            #expect(try await revision() == second.hex)
            _ = try await eventually("the controller to be ready all the same") {
                (try? await controller.client.get(["readyz"]).body["status"]) == "ready" ? true : nil
            }

            let file = "\(root)/own.yaml"
            try Data(Self.spare("own").utf8).write(to: URL(filePath: file))
            #expect(await sluice(controller, "apply", "-f", file, "--dry-run").status == .notReady)
            #expect(await sluice(controller, "apply", "-f", file).status == .ok)
            try Data(Self.spare("spare").utf8).write(to: URL(filePath: file))
            #expect(await sluice(controller, "apply", "-f", file).status == .conflict)
            let changes = await sluice(controller, "history", "changes")
            #expect(changes.output.contains("A spare forge"))
            #expect(await sluice(controller, "get", "config").output.contains("Stalled"))

            let exported = await sluice(controller, "export")
            try Data(exported.output.utf8).write(to: URL(filePath: file))
            let valid = await Invocation.run("validate", file)
            #expect(valid.status == .ok, "\(valid.output)")
            let read = try DesiredStateReader().read(
                files: [DesiredStateFile(path: file, bytes: Array(exported.output.utf8))])
            for resource in read.resources {
                let path = ["api", "v1", "resources", resource.key.kind, resource.name]
                #expect(try await controller.client.get(path).body["spec"] == resource.spec.json)
            }
            _ = try await controller.process.stop(grace: .seconds(60))
        }
    }

    private static func spare(_ name: String) -> String {
        """
        apiVersion: sluice.dev/v1alpha1
        kind: Forge
        metadata: {name: \(name)}
        spec: {type: local, local: {path: /srv/\(name)}}

        """
    }

    @Test("Every kind has a schema, and the files in manifests/schemas are those")
    func schemas() async throws {
        let kinds = await Invocation.run("schema").output.split(separator: "\n").map(String.init)
        #expect(kinds == ResourceKind.allCases.map(\.rawValue))
        for kind in ResourceKind.allCases {
            let file = kind.rawValue.replacing(/(?!^)([A-Z])/) { "-\($0.output.1)" }.lowercased()
            let written = try String(
                contentsOfFile: "\(Checkout.root)/manifests/schemas/\(file).json", encoding: .utf8)
            #expect(await Invocation.run("schema", kind.rawValue).output == written, "run docs/generate-schemas")
        }
        #expect(await Invocation.run("schema", "candidate").status == .usage)
    }
}
