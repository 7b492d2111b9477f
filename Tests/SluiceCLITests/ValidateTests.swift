import Foundation
import Terminal
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("Validation of desired state")
struct ValidateTests {
    @Test("The manifests of the repository and of the demonstration are valid")
    func shipped() async throws {
        let manifests = await Invocation.run("validate", "\(Checkout.root)/manifests")
        #expect(manifests.status == .ok, "\(manifests.output)")
        try await withTemporaryDirectory { directory in
            try write(SampleRegistry.manifests(repositories: "/srv/git"), below: directory)
            let demo = await Invocation.run("validate", directory)
            #expect(demo.status == .ok, "\(demo.output)")
            #expect(demo.output == "valid: 1 DatabaseServer, 1 Forge, 1 Registry\n")
        }
    }

    @Test("Every mistake is a line with file, line and column, and the exit code says that there are some")
    func mistakes() async throws {
        try await withTemporaryDirectory { directory in
            var files = SampleRegistry.manifests(repositories: "/srv/git")
            files["registry.yaml"] = files["registry.yaml"]?.replacing("branch: master", with: "brunch: master")
            files["forge.yaml"] = files["forge.yaml"]?.replacing("type: local", with: "type: locl")
            try write(files, below: directory)
            let result = await Invocation.run("validate", directory)
            #expect(result.status == .invalid)
            let lines = result.output.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(
                lines.allSatisfy { $0.contains(/(registry|forge)\.yaml:[0-9]+:[0-9]+: spec\./) }, "\(result.output)")
            #expect(
                result.output.contains("did you mean \"branch\"?") && result.output.contains("local"))
            #expect(result.talk == "2 mistakes\n")
        }
    }

    @Test("A directory that cannot be read is said to be so")
    func unreadable() async {
        let result = await Invocation.run("validate", "/nonexistent")
        #expect(result.status == .notFound && result.talk.contains("/nonexistent"))
    }
}
