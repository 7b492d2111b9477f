import DesiredState
import Diagnostics
import Terminal

/// The chapters of the fourth act.
struct UpstreamStory: Sendable {
    let stage: UpstreamStage
    let client: ControlClient
    let narrator: Narrator

    func tell() async throws {
        try await proposal()
        try await merge()
        try await rewriting()
    }

    private func proposal() async throws {
        try narrator.chapter(26, "Three commits and a merge become a patch series")
        let first = try await ask("scan", shown: "")
        try see(first["status"]?["behind"] == 0, "at the first look the package has all of it")
        let head = try await stage.develop()
        let upstream = try await ask("scan", shown: "")
        for line in UpstreamView.patches(of: upstream, isWide: false).lines() { try narrator.show(line) }
        let patches = upstream["status"]?["patches"]?.array ?? []
        try see(patches.count == 3, "the merge is one patch, with what it brought")
        try see(upstream["status"]?["head"]?.string == head, "up to where upstream stands")
        try see(try await stage.appliesByGit(), "git am of the patches gives exactly upstream's files")
        try see(upstream["status"]?["request"]?.string != nil, "there is one merge request, with this table")
        let reason = patches.first?["reason"]?.string ?? ""
        try narrator.show(reason)
        try see(
            patches.first?["status"] == "conflict" && reason.holds("int option_5 = 1;"),
            "the patch that does not fit says where, what it expects and what the package has")
    }

    private func merge() async throws {
        try narrator.chapter(27, "Merged, the cursor moves on")
        try await stage.accept()
        let upstream = try await ask("scan", shown: "")
        try see(upstream["status"]?["cursor"] == upstream["status"]?["head"], "the package has what upstream has")
        try see(
            try await !stage.branches().contains(UpstreamStage.branch), "the branch is gone, and the issue is closed")
    }

    private func rewriting() async throws {
        try narrator.chapter(28, "Upstream takes a commit back by force")
        let head = try await stage.rewrite()
        let told = try await ask("scan", shown: "")
        let message = ResourceView.condition("Stalled", of: told)?["message"]?.string ?? ""
        try narrator.show(message)
        try see(message.holds("Widen option 18"), "what is gone is named, and nothing goes on by itself")
        let before = try await stage.upstreamCommit("main~1")
        let moved = try await ask("move-cursor", ["commit": .string(before)], shown: " \(before.prefix(12))…")
        try see(moved["status"]?["cursor"]?.string == before, "the cursor goes where a person says, recorded with who")
        try see(
            moved["status"]?["head"]?.string == head && moved["status"]?["patches"]?.array?.count == 1,
            "and what came after it is proposed")
    }

    /// Asks something of the upstream, and gives it when it has come to rest.
    private func ask(_ command: String, _ details: [String: JSONValue] = [:], shown: String) async throws -> JSONValue {
        try narrator.command("sluice upstream \(command) tool\(shown)")
        let body = JSONValue.object(details.merging(["actor": "ada"]) { first, _ in first })
        let ticket = try await client.post(["api", "v1", "upstreams", "tool", command], body: body).body
        return try await ObjectRest(client: client, kind: .upstream, name: "tool", deadline: Patience.limit).wait(
            after: try PassWait.pass(of: ticket))
    }

    private func see(_ isSo: Bool, _ sentence: String) throws {
        guard isSo else {
            throw CommandFailure(.notReady, "this was not seen: \(sentence)", code: "demo.not-seen")
        }
        try narrator.seen(sentence)
    }
}

extension UpstreamStage {
    /// A commit of upstream.
    func upstreamCommit(_ revision: String) async throws -> String {
        try await git.run(["rev-parse", revision], in: clone(of: Self.upstream))
    }
}
