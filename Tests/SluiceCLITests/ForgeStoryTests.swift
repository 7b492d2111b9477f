import ChildProcess
import DesiredState
import ForgeDoubles
import Foundation
import GitClient
import Logging
import Terminal
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("A controller and a forge over HTTP", .serialized)
struct ForgeStoryTests {
    /// How a story ended at the host.
    struct Ending: Sendable {
        /// What was said of each revision, in order.
        let verdicts: [String]
        /// The requests that wrote something, in order.
        let posts: [String]
    }

    private static let project = "land/registry"

    @Test(
        "F-07: with every webhook lost, and with every one ten times in any order and no timer to help, the forge ends with the same verdicts and as many posts",
        arguments: [ForgeType.gerrit, .gitlab])
    func lostOrFlooded(_ type: ForgeType) async throws {
        let lost = try await Self.tell(type, isFlooded: false)
        let flooded = try await Self.tell(type, isFlooded: true)
        #expect(lost.verdicts == ["+1", "-1", "+1"])
        #expect(flooded.verdicts == lost.verdicts)
        #expect(
            flooded.posts.count == lost.posts.count,
            "\(flooded.posts.joined(separator: "\n"))\n\n\(lost.posts.joined(separator: "\n"))")
    }

    @Test(
        "What the doctor says of a host is what stands there: account, token, rights, clock, rules, webhooks; and with a token that ends soon, or was taken away, what mends it",
        arguments: [ForgeType.gerrit, .gitlab])
    func doctor(_ type: ForgeType) async throws {
        try await Self.staged(type) { double, controller, directories in
            try await Self.propose(SampleRegistry.visits, as: "one", at: double)
            func states() async throws -> [String: String] {
                let found = try await controller.client.get(["api", "v1", "doctor"]).body["items"]?.array ?? []
                return Dictionary(
                    found.map { ($0["check"]?.string ?? "", $0["state"]?.string ?? "") }, uniquingKeysWith: { $1 })
            }
            // The source is looked at soon after the start.
            let well = try await eventually("desired state to be looked at") {
                let found = try await states()
                return found["configuration.source"] == "not-checked" ? nil : found
            }
            for (check, state) in [
                "state-store.reachable": "ok", "state-store.schema": "ok", "state-store.clock": "ok",
                "configuration.source": "ok", "server.reachable": "ok", "server.rights": "ok",
                "registry.reference": "ok", "forge.account": "ok", "forge.rights": "ok", "forge.clock": "ok",
                "webhooks.seen": "warning", "machine.git": "ok",
                // Gerrit does not say which of an account's tokens it is asked with.
                "forge.token": type == .gerrit ? "not-checked" : "ok",
                // Of GitLab the double asks for no pipeline.
                "forge.label-rules": type == .gerrit ? "ok" : "warning",
            ] { #expect(well[check] == state, "\(check): \(well)") }
            #expect(!well.values.contains("failed"))
            let file = DevForgeAccounts.tokenFile(of: DevForgeAccounts.sluice, in: "\(directories.root)/../forge")
            let token = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .newlines)
            try await double.administer { world in
                let ours = try await world.addAccount(DevForgeAccounts.sluice)
                try await world.addToken(token, for: ours, end: Date().addingTimeInterval(3 * 86_400))
            }
            #expect(try await states()["forge.token"] == (type == .gerrit ? "not-checked" : "warning"))
            try await double.administer { try await $0.removeToken(token) }
            #expect(try await states()["forge.account"] == "failed")
        }
    }

    private static func tell(_ type: ForgeType, isFlooded: Bool) async throws -> Ending {
        try await staged(type, isFlooded: isFlooded) { double, controller, directories in
            try await live(at: double, controller, data: directories.data)
        }
    }

    /// Calls `body` with a host with a registry, and a controller that serves it.
    private static func staged<R: Sendable>(
        _ type: ForgeType, isFlooded: Bool = false,
        _ body: @escaping @Sendable (ForgeDouble, ServedController, DemoDirectories) async throws -> R
    ) async throws -> R {
        try await withTemporaryDirectory("forge-story") { root in
            try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: root)
            let directories = DemoDirectories(root: "\(root)/demo")
            try directories.make()
            let double = try ForgeDouble(
                ForgeDoubleConfiguration(type: type, directory: "\(root)/forge", now: { Date() }),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            var random = SystemRandomNumberGenerator()
            let accounts = try DevForgeAccounts.prepare(in: "\(root)/forge", using: &random)
            try await accounts.introduce(to: double, project: project)
            try await commit(SampleRegistry.master, at: double)
            try write(["secret": "story-secret\n"], below: root)
            try await WholeStoryTests.makeReference(directories)
            return try await double.serving { address in
                try write(manifests(type, address, root, isFlooded: isFlooded), below: directories.config)
                let controller = try await ServedController.start(
                    directories, desiredState: ["--config", directories.config, "--trust-host", "127.0.0.1"])
                let hook = "\(controller.client.server.absoluteString)/hooks/host"
                if isFlooded {
                    double.webhooks.set(
                        WebhookTarget(
                            url: type == .gerrit ? "\(hook)/story-secret" : hook, secret: "story-secret", isHeld: true))
                }
                let ending = try await body(double, controller, directories)
                _ = try await controller.process.stop(grace: .seconds(600))
                return ending
            }
        }
    }

    /// A good candidate, a broken one, its repair, and the end of the first.
    private static func live(
        at double: ForgeDouble, _ controller: ServedController, data: String
    ) async throws -> Ending {
        double.log.clear()
        // Verdicts are measured from the first scrape on.
        _ = try await metrics(of: controller)
        var verdicts: [String] = []
        try await propose(SampleRegistry.visits, as: "one", at: double)
        verdicts.append(try await verdict(on: 1, at: double, controller))
        try await propose(SampleRegistry.brokenInspections, as: "two", at: double)
        verdicts.append(try await verdict(on: 2, at: double, controller))
        try await double.administer {
            try await $0.revise(2, in: project, changing: SampleRegistry.fixedInspections.mapValues { Array($0.utf8) })
        }
        verdicts.append(try await verdict(on: 2, at: double, controller))
        try await double.administer { try await $0.close(1, in: project, by: DevForgeAccounts.author) }
        _ = try await seen("the first candidate's end", at: double) {
            let candidates = try await controller.client.get(["api", "v1", "resources", "Candidate"]).body
            return try await isAtRest(controller) && candidates["items"]?.array?.count == 1 ? true : nil
        }
        let mirror = try await GitMirror.open("\(data)/mirrors/host/\(project).git")
        let kept = try await mirror.references(under: "refs/sluice/").targets.keys.map(\.rawValue)
        #expect(kept.count == 1 && kept.allSatisfy { $0.contains("/2/") }, "what is gone is kept: \(kept)")
        let metrics = try await metrics(of: controller)
        for line in [
            /sluice_time_to_verdict_seconds_count\{registry="[a-z-]+"\} [1-9]/,
            /sluice_tasks_total\{action="database.clone",outcome="done"\} [1-9]/,
            /sluice_reconcile_duration_seconds_count\{kind="Candidate",outcome="ready"\} [1-9]/,
            /sluice_outbound_requests_total\{host="http:\/\/127[^"]+",status="200"\} [1-9]/,
            /sluice_candidates\{registry="[a-z-]+",state="ready"\} 1\n/,
            /sluice_work_items\{lane="observe",state="[a-z]+"\} [1-9]/, /sluice_state_store_up 1\n/,
        ] { #expect(metrics.firstMatch(of: line) != nil, "\(metrics)") }
        return Ending(verdicts: verdicts, posts: double.log.writes.map { "\($0.method) \($0.path)" })
    }

    private static func metrics(of controller: ServedController) async throws -> String {
        try await controller.client.text(["metrics"], [], type: "text/plain").text
    }

    /// Waits for something, while every webhook that is held arrives ten times and in any order.
    private static func seen<Value: Sendable>(
        _ what: String, at double: ForgeDouble, _ look: () async throws -> Value?
    ) async throws -> Value {
        try await eventually(what) {
            if double.webhooks.heldCount > 0 { await double.webhooks.release(copies: 10, shuffledBy: 11) }
            return try await look()
        }
    }

    /// Whether no run is under way: one that a later push breaks off may have half of its say twice.
    private static func isAtRest(_ controller: ServedController) async throws -> Bool {
        let running = try await controller.client.get(["api", "v1", "runs"], [("status", "running")]).body
        return running["items"]?.array?.isEmpty == true
    }

    private static func verdict(
        on number: Int, at double: ForgeDouble, _ controller: ServedController
    ) async throws -> String {
        try await seen("a verdict on candidate \(number)", at: double) {
            let verdict: String? = try await double.administer { world in
                let ours = try await world.addAccount(DevForgeAccounts.sluice).id
                let record = try await world.record(number, in: project)
                if world.type == .gerrit {
                    let votes = record.votes(on: record.revisions.count).filter { $0.account == ours }
                    return votes.last.flatMap { ["-1", nil, "+1"][$0.value + 1] }
                }
                let statuses = try await world.statusRecords(in: project).filter { $0.commit == record.head }
                return statuses.last.flatMap { ["success": "+1", "failed": "-1"][$0.state] }
            }
            return try await isAtRest(controller) ? verdict : nil
        }
    }

    private static func commit(_ files: [String: String], at double: ForgeDouble) async throws {
        try await double.administer { world in
            try await world.commit(
                files.mapValues { Array($0.utf8) }, on: "master", of: project, message: "The land registry\n",
                by: DevForgeAccounts.author)
        }
    }

    private static func propose(_ files: [String: String], as branch: String, at double: ForgeDouble) async throws {
        try await double.administer { world in
            try await world.propose(
                files.mapValues { Array($0.utf8) }, from: branch, into: "master", of: project, title: branch,
                by: DevForgeAccounts.author)
        }
    }

    private static func manifests(
        _ type: ForgeType, _ address: String, _ root: String, isFlooded: Bool
    ) -> [String: String] {
        var manifests = SampleRegistry.manifests(repositories: "/nonexistent")
        let token = DevForgeAccounts.tokenFile(of: DevForgeAccounts.sluice, in: "\(root)/forge")
        let access =
            type == .gerrit ? "user: \(DevForgeAccounts.sluice), password: {file: \(token)}" : "token: {file: \(token)}"
        manifests["forge.yaml"] = """
            apiVersion: sluice.dev/v1alpha1
            kind: Forge
            metadata: {name: host}
            spec:
              type: \(type.rawValue)
              \(type.rawValue): {url: "\(address)", \(access)}
              webhook: {secrets: [{file: \(root)/secret}]}

            """
        manifests["registry.yaml"] = manifests["registry.yaml"]?.replacing("forge: local", with: "forge: host")
            .replacing("project: \(SampleRegistry.name)", with: "project: \(project)")
            .replacing("interval: 1m", with: isFlooded ? "interval: 1h" : "interval: 1s")
        return manifests
    }
}
