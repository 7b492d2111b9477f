import AsyncHTTPClient
import ChildProcess
import DesiredState
import Foundation
import GitClient
import NIOCore
import NIOHTTP1
import Terminal
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("A controller that follows upstreams", .serialized)
struct UpstreamStoryTests {
    private func sluice(_ controller: ServedController, _ arguments: String...) async -> Invocation {
        let server = controller.client.server.absoluteString
        return await Invocation.record(environment: [
            "SLUICE_SERVER": server, "USER": "ada", "SLUICE_TOKEN": Self.token,
        ]) { context in
            await Sluice.run(arguments, in: context)
        }
    }

    /// As patch-tracking's own client asks; the code of the envelope and its data.
    private func tracking(
        _ controller: ServedController, _ method: String, _ path: String, _ body: JSONValue? = nil
    ) async throws -> (code: String?, data: JSONValue?) {
        var request = HTTPClientRequest(url: controller.client.server.absoluteString + path)
        request.method = .init(rawValue: method)
        let user = Data("admin:Test@123".utf8).base64EncodedString()
        request.headers.add(name: "Authorization", value: "Basic \(user)")
        if let body { request.body = .bytes(ByteBuffer(string: body.canonicalText)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(600))
        let answer = try JSONValue(parsing: String(buffer: try await response.body.collect(upTo: 1 << 20)))
        return (answer["code"]?.string, answer["data"])
    }

    @Test(
        "An upstream is added, shown, ordered about and taken out by the command line, and by patch-tracking's interface"
    )
    func story() async throws {
        try await withTemporaryDirectory("upstream-story") { root in
            let directories = DemoDirectories(root: "\(root)/demo")
            try directories.make()
            let text = (1...20).map { "line \($0)\n" }.joined()
            let upstream = try await ScriptedRepository.create(at: "\(directories.repositories)/upstream/tool.git")
            let begin = try await upstream.push(["main.c": .text(text)], to: "main", message: "Begin")
            let package = try await ScriptedRepository.create(at: "\(directories.repositories)/packages/tool.git")
            try await package.push(
                ["main.c": .text(text), "tool.spec": "Name: tool\nRelease: 1\n"], to: "master", message: "Package")
            let forge = "\(root)/forge.yaml"
            try Data(Self.manifests(directories).utf8).write(to: URL(filePath: forge))
            let users = "\(root)/users"
            // The example of patch-tracking's own manual.
            try Data("admin:\(Self.sample)\n".utf8).write(to: URL(filePath: users))
            let controller = try await ServedController.start(
                directories,
                desiredState: ["--config-by-hand", "--patch-tracking", "--users-file", users],
                environment: ["SLUICE_ACCESS_TOKEN": Self.token], token: Self.token)
            #expect(await sluice(controller, "apply", "-f", forge).status == .ok)

            let added = await sluice(
                controller, "upstream", "add", "tool", "--source", "local:upstream/tool", "--branch", "main",
                "--package", "local:packages/tool", "--package-branch", "master", "--sources", ".")
            #expect(added.status == .ok, "\(added.talk)")
            let second = try await upstream.push(
                ["main.c": .text(text.replacing("line 3\n", with: "three\n"))], to: "main", message: "Say three")
            let scanned = await sluice(controller, "upstream", "scan", "tool")
            #expect(scanned.status == .ok && scanned.output.contains("Say three"), "\(scanned.talk)")
            let listed = await sluice(controller, "upstream", "list")
            #expect(listed.output.contains("Proposed"), "\(listed.output)")

            let foreign = await sluice(
                controller, "upstream", "move-cursor", "tool", String(repeating: "7", count: 40))
            #expect(foreign.status == .conflict && foreign.talk.contains("does not have the commit"))
            let moved = await sluice(controller, "upstream", "move-cursor", "tool", second.hex, "--as", "bob")
            #expect(moved.status == .ok && moved.talk.contains("the cursor is at"), "\(moved.talk)")
            #expect(await sluice(controller, "upstream", "move-cursor", "tool", begin.hex).status == .ok)
            let ignored = await sluice(controller, "upstream", "ignore", "tool", "--path", "docs")
            #expect(ignored.status == .ok, "\(ignored.talk)")

            let items = try await tracking(controller, "GET", "/tracking")
            #expect(items.code == "2001")
            #expect(items.data?.array?.first?["scm_commit"]?.string == begin.hex)
            #expect(items.data?.array?.first?["repo"] == "packages/tool")
            let issues = try await tracking(controller, "GET", "/issue")
            #expect(issues.data?.array?.count == 1)
            // The same item once more, without a commit: there the cursor is lost, here it stays.
            let item: JSONValue = [
                "version_control": "git", "scm_repo": "local:upstream/tool", "scm_branch": "main",
                "repo": "packages/tool", "branch": "master", "enabled": true,
            ]
            #expect(try await tracking(controller, "POST", "/tracking", item).code == "2001")
            let kept = try await tracking(controller, "GET", "/tracking").data?.array
            #expect(kept?.count == 1 && kept?.first?["scm_commit"]?.string == begin.hex)
            let shown = try await controller.client.get(["api", "v1", "upstreams", "tool"]).body
            #expect(shown["spec"]?["package"]?["sources"] == ".", "what the item does not say stays")
            #expect(shown["spec"]?["ignore"]?["paths"] == ["docs"])

            let file = "\(root)/items.json"
            let other = JSONValue.object(
                (item.object ?? [:]).merging(["scm_repo": "https://git.example.org/more.git", "repo": "packages/more"])
                {
                    _, new in new
                })
            try Data(JSONValue.array([other]).canonicalText.utf8).write(to: URL(filePath: file))
            let dry = await sluice(controller, "upstream", "import", file, "--forge", "local", "--dry-run")
            #expect(dry.status == .notReady && dry.output.contains("upstream/more"), "\(dry.talk)")
            let bad = "\(root)/bad.yaml"
            try Data("version_control: svn\n".utf8).write(to: URL(filePath: bad))
            let refused = await sluice(controller, "upstream", "import", bad, "--forge", "local", "--print")
            #expect(refused.status == .invalid && refused.talk.contains("bad.yaml"), "\(refused.talk)")

            let folder = "\(root)/items"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let same = JSONValue.object(
                (item.object ?? [:]).merging(["scm_commit": .string(begin.hex)]) { _, new in new })
            for (name, text) in [
                ("items.json", JSONValue.array([["version_control": "svn"], same]).canonicalText),
                ("bad.yml", "version_control: svn\n"), ("README", "words\n"),
            ] {
                try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
            }
            let imported = await sluice(controller, "upstream", "import", folder, "--forge", "local")
            #expect(imported.status == .invalid, "\(imported.talk)")
            for words in ["items.json, item 1: ", "bad.yml: ", "README: left out", "2 items were not taken over"] {
                #expect(imported.talk.contains(words), "\(imported.talk)")
            }
            let changed = try await controller.client.get(["api", "v1", "upstreams", "tool"]).body["spec"]
            #expect(changed?["source"]?["start"]?.string == begin.hex, "the rest is in force")
            #expect(changed?["package"]?["sources"] == "." && changed?["ignore"]?["paths"] == ["docs"])

            #expect(try await tracking(controller, "DELETE", "/tracking?repo=packages/tool").code == "2001")
            _ = try await eventually("the upstream to be gone") {
                let left = try await controller.client.list(["api", "v1", "upstreams"])["items"]?.array ?? []
                return left.isEmpty ? true : nil
            }
            let branches = try await package.git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads")
            #expect(!branches.contains("patch-tracking/"))
            #expect(await sluice(controller, "upstream", "show", "tool").status == .notFound)
            _ = try await controller.process.stop(grace: .seconds(600))
        }
    }

    @Test(
        "1.3, 1.5 The old command line adds by options, file and folder, queries and deletes, in its own words",
        .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/python3")))
    func oldClient() async throws {
        try await withTemporaryDirectory("old-client") { root in
            let directories = DemoDirectories(root: "\(root)/demo")
            try directories.make()
            let text = (1...20).map { "line \($0)\n" }.joined()
            for name in ["one", "two", "three"] {
                let package = try await ScriptedRepository.create(at: "\(directories.repositories)/src/\(name).git")
                try await package.push(
                    ["\(name).spec": .text("Name: \(name)\nRelease: 1\n\(text)")], to: "master", message: "Package")
            }
            let forge = "\(root)/forge.yaml"
            try Data(Self.manifests(directories).utf8).write(to: URL(filePath: forge))
            let users = "\(root)/users"
            try Data("admin:\(Self.sample)\n".utf8).write(to: URL(filePath: users))
            let controller = try await ServedController.start(
                directories,
                desiredState: ["--config-by-hand", "--patch-tracking", "--users-file", users, "--anonymous-read"],
                environment: ["SLUICE_ACCESS_TOKEN": Self.token], token: Self.token)
            #expect(await sluice(controller, "apply", "-f", forge).status == .ok)
            let client = try PatchTrackingClient(server: controller.client.server, in: root)
            func item(_ name: String, enabled: String = "False") -> [(String, String)] {
                [
                    ("version_control", "git"), ("scm_repo", "https://git.example.org/\(name).git"),
                    ("scm_branch", "main"), ("repo", "src/\(name)"), ("branch", "master"), ("enabled", enabled),
                ]
            }
            func options(_ item: [(String, String)]) -> [String] { item.flatMap { ["--\($0)", $1] } }

            #expect(try await client.run(["add"] + options(item("one"))) == "Tracking successfully.\n")
            let denied = "Authenticate Error. Please make sure user and password are correct.\n"
            #expect(try await client.run(["add"] + options(item("one")), password: "Wrong@123") == denied)
            #expect(
                try await client.run(["add"] + options(item("one").dropLast(2)))
                    == "the following arguments are required: --branch, --enabled\n")

            let folder = "\(root)/items"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            func write(_ name: String, _ item: [(String, String)], more: String = "") throws {
                let lines = item.map { "\($0): \($1)\n" }.joined() + more
                try Data(lines.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
            }
            try write("two.yaml", item("two", enabled: "false"))
            try write("three.yaml", item("three", enabled: "false"), more: "# a remark: with a colon\n")
            try write("words.yml", item("one"))
            #expect(
                try await client.run(["add", "--file", "\(folder)/two.yaml"])
                    == "Tracking successfully created for \(folder)/two.yaml\n")
            let all = try await client.run(["add", "--dir", folder]).split(separator: "\n")
            #expect(all.count == 3)
            // The remark is a key to that client, and no key of an item.
            #expect(all.first?.hasPrefix("Tracking failed for three.yaml: Please enter the correct parameters") == true)
            #expect(all.dropFirst().first == "Tracking successfully created for two.yaml")
            #expect(all.last == "Please input yaml file. Error in \(folder)/words.yml")
            #expect(
                try await client.run(["add", "--file", "a.yaml", "--dir", "b"]) == "mix different usage style\n")

            let rows = try await client.run(["query", "--table", "tracking"], user: nil).split(separator: "\n")
            #expect(rows.count == 3, "\(rows)")
            #expect(rows.first == "branch   enabled   repo   scm_branch   scm_commit   scm_repo   version_control")
            #expect(rows.dropFirst().first == "1 master False src/one main None https://git.example.org/one.git git")
            #expect(
                try await client.run(["query", "--table", "tracking", "--repo", "src/two"], user: nil).split(
                    separator: "\n"
                ).count == 2)
            #expect(try await client.run(["query", "--table", "issue"], user: nil) == "\n")

            #expect(
                try await client.run(["delete", "--repo", "src/one", "--branch", "master"])
                    == "Tracking delete successfully.\n")
            #expect(try await client.run(["delete", "--repo", "src/two"]) == "Tracking delete successfully.\n")
            _ = try await eventually("the items to be gone") {
                let left = try await controller.client.list(["api", "v1", "upstreams"])["items"]?.array ?? []
                return left.isEmpty ? true : nil
            }
            #expect(
                try await client.run(["delete", "--repo", "src/one"]) == "Delete Nothing. Tracking not exist.\n")
            _ = try await controller.process.stop(grace: .seconds(600))
        }
    }

    private static func manifests(_ directories: DemoDirectories) -> String {
        """
        apiVersion: sluice.dev/v1alpha1
        kind: Forge
        metadata: {name: local}
        spec: {type: local, local: {path: \(directories.repositories)}}
        ---
        apiVersion: sluice.dev/v1alpha1
        kind: RoleBinding
        metadata: {name: trackers}
        spec: {role: operator, subjects: [{user: admin}]}
        """
    }

    private static let token = "0123456789abcdef0123456789abcdef"
    private static let sample =
        "pbkdf2:sha256:150000$w38eLeRm$ebb5069ba3b4dda39a698bd1d9d7f5f848af3bd93b11e0cde2b28e9e34bfbbae"
}
