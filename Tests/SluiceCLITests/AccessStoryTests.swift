import ChildProcess
import DesiredState
import Foundation
import Terminal
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("A team and its controller")
struct AccessStoryTests {
    private static let binding = """
        apiVersion: sluice.dev/v1alpha1
        kind: RoleBinding
        metadata: {name: operators}
        spec: {role: operator, subjects: [{user: ci}, {group: crew}]}
        """

    @Test(
        "B-07 From the token that the controller leaves to a team's own, what each may do, and what the log says of it")
    func story() async throws {
        try await withTemporaryDirectory("access") { root in
            let directories = DemoDirectories(root: "\(root)/team")
            try directories.make()
            let users = "\(root)/users"
            let hash = await Invocation.record(environment: [:]) { context in
                var context = context
                context.input = { _ in Array("Test@123\n".utf8) }
                return await Sluice.run(["auth", "hash-password", "old"], in: context)
            }
            try Data(hash.output.utf8).write(to: URL(filePath: users))
            let controller = try await ServedController.start(
                directories, desiredState: ["--config-by-hand", "--users-file", users])
            let server = controller.client.server.absoluteString
            func sluice(_ arguments: [String], token: String? = nil, isLocal: Bool = false) async -> Invocation {
                var environment = ["SLUICE_SERVER": server, "SLUICE_DATA_DIR": isLocal ? directories.data : root]
                environment["SLUICE_TOKEN"] = token
                return await Invocation.record(environment: environment) { await Sluice.run(arguments, in: $0) }
            }

            // Nobody comes in unasked; the controller's own account does.
            #expect(await sluice(["auth", "whoami"]).status == .denied)
            let local = await sluice(["auth", "whoami", "-o", "name"], isLocal: true)
            #expect(local.output == "local\n")
            let left = "\(directories.data)/local-token"
            let mode = try FileManager.default.attributesOfItem(atPath: left)[.posixPermissions] as? Int
            #expect(mode == 0o600)

            let manifest = "\(root)/binding.yaml"
            try Data(Self.binding.utf8).write(to: URL(filePath: manifest))
            #expect(await sluice(["apply", "-f", manifest], isLocal: true).status == .ok)
            let made = await sluice(
                ["token", "create", "ci", "--lifetime", "1d", "--scope", "viewer", "--note", "builds"], isLocal: true)
            let token = made.output.trimmingCharacters(in: .newlines)
            #expect(token.hasPrefix("slc_") && !made.talk.contains(token))
            let other = await sluice(["token", "create", "eve", "--group", "crew"], isLocal: true)
            let crew = other.output.trimmingCharacters(in: .newlines)

            // The scope narrows, the binding gives.
            #expect(await sluice(["auth", "can-i", "read"], token: token).output == "yes: RoleBinding operators\n")
            #expect(await sluice(["auth", "can-i", "notify"], token: token).status == .notReady)
            #expect(await sluice(["auth", "can-i", "notify"], token: crew).status == .ok)
            #expect(await sluice(["apply", "-f", manifest], token: crew).status == .denied)
            #expect(await sluice(["token", "list"], token: crew).status == .denied)
            #expect(await sluice(["get", "rolebindings"], token: "\(token)x").status == .denied)
            let list = await sluice(["token", "list", "-o", "json"], isLocal: true)
            #expect(list.output.contains("\"subject\": \"ci\"") && !list.output.contains(token))

            // The old tool's way in.
            let walk = InterfaceWalk(server: server, token: "")
            let basic = Data("old:Test@123".utf8).base64EncodedString()
            #expect(
                try await walk.get("/api/v1/access/whoami", authorization: "Basic \(basic)").text.contains("\"old\""))
            let wrong = Data("old:Test@124".utf8).base64EncodedString()
            let refused = try await walk.get("/api/v1/access/whoami", authorization: "Basic \(wrong)")
            #expect(refused.status == 401 && refused.text.contains("Basic realm"))

            let id = try #require(token.split(separator: "_").dropFirst().first.map(String.init))
            #expect(await sluice(["token", "revoke", id], isLocal: true).output.contains("revoked"))
            _ = try await eventually("the token to end") {
                await sluice(["auth", "whoami"], token: token).status == .denied ? true : nil
            }

            let log = await sluice(["audit", "list", "--limit", "100", "-o", "wide"], isLocal: true).output
            for words in ["createToken", "applyConfiguration", "revokeToken", "access.denied", "127.0.0.1", "eve"] {
                #expect(log.contains(words), "\(words)")
            }
            #expect(!log.contains(token) && !log.contains(crew) && !log.contains("Test@12"))
            let whole = await sluice(["audit", "verify"], isLocal: true)
            #expect(whole.status == .ok)
            let export = await sluice(["audit", "export"], isLocal: true).output
            let head = whole.output.trimmingCharacters(in: .newlines)
            for (name, text, expected) in [
                ("whole", export, ExitStatus.ok),
                ("altered", export.replacing("createToken", with: "listTokens"), .notReady),
                ("cut", export.split(separator: "\n").dropFirst().joined(separator: "\n"), .notReady),
            ] {
                let file = "\(root)/\(name).ndjson"
                try Data(text.utf8).write(to: URL(filePath: file))
                #expect(
                    await sluice(["audit", "verify", "--file", file, "--expect", head]).status == expected, "\(name)")
            }

            _ = try await controller.process.stop(grace: .seconds(600))
            #expect(!FileManager.default.fileExists(atPath: left))
            let served = try String(contentsOfFile: controller.log, encoding: .utf8)
            #expect(!served.contains(token) && !served.contains("Test@12"))
        }
    }
}
