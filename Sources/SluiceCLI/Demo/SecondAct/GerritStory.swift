import DesiredState
import Diagnostics
import ForgeDoubles
import Foundation
import PostgresClient
import Terminal

/// The chapters of the second act.
struct GerritStory: Sendable {
    let stage: GerritStage
    let client: ControlClient
    let server: PostgresServer
    let narrator: Narrator

    private static let visits = "I" + String(repeating: "1", count: 40)
    private static let inspections = "I" + String(repeating: "2", count: 40)

    func tell() async throws {
        try await configuration()
        let visits = try await goodChange()
        try await mendedChange()
        try await submitted(visits)
        try await deliveries()
    }

    private func configuration() async throws {
        try narrator.chapter(13, "A commit to the config repository is the change")
        try narrator.say("The timer comes once an hour here: what happens now happens by webhooks.")
        try await stage.push(
            SampleRegistry.master, of: GerritStage.registry, message: "The land registry")
        try await stage.push(
            ["\(SampleConfiguration.path)/registry.yaml": SampleConfiguration.registry],
            of: SampleConfiguration.project, message: "Gate the land registry")
        _ = try await Patience.wait(for: "the registry to be ready") {
            let registry = try? await client.get(["api", "v1", "resources", "Registry", SampleRegistry.name]).body
            let ready = registry?["status"]?["conditions"]?.array?.first { $0["type"]?.string == "Ready" }
            return ready?["status"]?.string == "True" ? true : nil
        }
        try narrator.seen("the registry \(SampleRegistry.name) is in force and ready")
    }

    private func goodChange() async throws -> Int {
        try narrator.chapter(14, "A change on Gerrit")
        let commit = try await stage.review(
            SampleRegistry.visits, of: GerritStage.registry, message: "Keep visits to parcels",
            changeID: Self.visits)
        let number = try await change(Self.visits)
        try await expect(1, on: number, at: commit)
        try await database("registry-dev-\(number)", isThere: true)
        return number
    }

    private func mendedChange() async throws {
        try narrator.chapter(15, "A change that fails, and its second patch set")
        let broken = try await stage.review(
            SampleRegistry.brokenInspections, of: GerritStage.registry, message: "Keep inspections",
            changeID: Self.inspections)
        let number = try await change(Self.inspections)
        try await expect(-1, on: number, at: broken)
        let fixed = try await stage.review(
            SampleRegistry.fixedInspections, of: GerritStage.registry, message: "Keep inspections",
            changeID: Self.inspections)
        try await expect(1, on: number, at: fixed)
    }

    private func submitted(_ number: Int) async throws {
        try narrator.chapter(16, "The first change is submitted")
        try await stage.double.administer { world in
            _ = try await world.merge(number, in: GerritStage.registry, by: DevForgeAccounts.author)
        }
        try await database("registry-dev-\(number)", isThere: false)
    }

    private func deliveries() async throws {
        try narrator.chapter(17, "What Gerrit told us")
        let deliveries = stage.double.webhooks.deliveries
        try narrator.show(
            deliveries.map { "\($0.event) → \($0.status)" }.joined(separator: "\n"))
        guard !deliveries.isEmpty, deliveries.allSatisfy({ $0.status == 202 }) else {
            throw Self.unseen("202 for each")
        }
        try narrator.seen("\(deliveries.count) webhooks were on the disk before they were answered")
    }

    /// The number that Gerrit gave a change; the stand-in knows it once the push is done.
    private func change(_ id: String) async throws -> Int {
        try await Patience.wait(for: "the change") {
            try await stage.double.administer { world in
                try await world.number(ofChange: id, in: GerritStage.registry)
            }
        }
    }

    private func expect(_ value: Int, on number: Int, at commit: String) async throws {
        let vote = try await stage.vote(on: number, of: GerritStage.registry, at: commit)
        let label = value > 0 ? "+\(value)" : "\(value)"
        guard vote.value == value else { throw Self.unseen("Verified \(label) on change \(number)") }
        try narrator.show(vote.message)
        try narrator.seen("Verified \(label) on change \(number), patch set \(commit.prefix(8))")
    }

    private func database(_ name: String, isThere: Bool) async throws {
        _ = try await Patience.wait(for: "\(name) to \(isThere ? "be there" : "be dropped")") {
            (try await server.database(name) != nil) == isThere ? true : nil
        }
        try narrator.seen("the database \(name) is \(isThere ? "there" : "gone")")
    }

    private static func unseen(_ sentence: String) -> CommandFailure {
        CommandFailure(.notReady, "this was not seen: \(sentence)", code: "demo.not-seen")
    }
}
