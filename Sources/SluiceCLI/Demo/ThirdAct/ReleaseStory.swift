import DesiredState
import Diagnostics
import Terminal

/// The chapters of the third act.
struct ReleaseStory: Sendable {
    let stage: ReleaseStage
    let release: DemoRelease
    let narrator: Narrator

    private static let hotfix = ["data/common.yaml": "---\nntp::servers:\n  - 192.0.2.9\n"]

    func tell() async throws {
        try await rehearsal()
        try await promotion()
        try await drift()
        try await rollback()
        try await nextRelease()
        try await incident()
    }

    private func rehearsal() async throws {
        try narrator.chapter(19, "A release, rehearsed before anything is merged")
        try await stage.branch("edge_tls", pinning: "c", message: "Edge proxies speak TLS 1.3")
        let draft = try await release.create("edge-tls", from: "edge_tls", title: "TLS 1.3 at the edge", by: "alice")
        try release.show(draft)
        try see(Set(release.verdicts(draft).values) == ["clean"], "every merge was tried in memory and is clean")
        try see(try await pins() == ["6"], "no branch has moved")
    }

    private func promotion() async throws {
        try narrator.chapter(20, "Approved, and promoted in batches")
        let refused = await refusal {
            try await release.ask("promote", of: "edge-tls", by: "bob", ["target": "complete"])
        }
        try see(refused == "release.not-approved", "nobody has approved it: refused")
        let tree = try await release.client.get(["api", "v1", "releases", "edge-tls"]).body["status"]?["tree"] ?? .null
        try await release.ask("approve", of: "edge-tls", by: "dora", ["tree": tree])
        let done = try await release.ask(
            "promote", of: "edge-tls", by: "bob", ["target": "complete"], shown: " --to complete")
        try release.show(done)
        try see(Set(release.results(done).values) == ["merged"], "merged into uat, production and all zones")
        try see(try await pins() == ["c"], "every branch pins the new commit")
    }

    private func drift() async throws {
        try narrator.chapter(21, "Somebody fixes zone02 by hand")
        try await stage.hotfix(on: "zone02", Self.hotfix, message: "Another NTP server for zone02")
        try narrator.command("sluice drift puppet")
        let seen = try await release.drifted()
        for line in DriftView.sentences(on: seen) { try narrator.show(line) }
        try see(seen["status"]?["drifted"] == ["zone02"], "seen as drift, and on no other branch")
    }

    private func rollback() async throws {
        try narrator.chapter(22, "The release is taken back")
        let back = try await release.ask("rollback", of: "edge-tls", by: "bob")
        try release.show(back)
        try see(Set(release.results(back).values) == ["reverted"], "one revert, merged into every branch")
        try see(try await pins() == ["6"], "every branch pins what it pinned before")
        let kept = try await stage.content(of: "zone02").data
        try see(kept.holds("192.0.2.9"), "and zone02 has kept its own fix")
    }

    private func nextRelease() async throws {
        try narrator.chapter(23, "The next release merges cleanly")
        try await stage.branch("edge_quic", pinning: "2", message: "Edge proxies speak QUIC")
        let draft = try await release.create("edge-quic", from: "edge_quic", title: "QUIC at the edge", by: "alice")
        try see(
            Set(release.verdicts(draft).values) == ["clean"], "the rehearsal of the next release is clean everywhere")
        try await release.ask("cancel", of: "edge-quic", by: "alice")
        try narrator.say("It is cancelled for the sake of the story; its branch is deleted.")
    }

    private func incident() async throws {
        try narrator.chapter(24, "What happens without: an old incident")
        try narrator.say(
            "A change goes into uat and production by hand, and is reverted on both by hand. The files are")
        try narrator.say(
            "as before. The history is not: git takes the change for merged, and nobody carries the reverts on.")
        try await stage.branch("old_way", pinning: "5", message: "A change in the old way")
        for (source, branch) in [("old_way", "uat"), ("uat", "production")] {
            try await stage.merge(source, into: branch)
        }
        for branch in ["production", "uat"] { try await stage.revertMerge(on: branch) }
        try await stage.branch("edge_next", pinning: "9", message: "The change after it")
        let draft = try await release.create("edge-next", from: "edge_next", title: "After the incident", by: "alice")
        try release.show(draft)
        let verdict = release.verdicts(draft)["production"]
        try see(verdict == "unsynced-revert", "the rehearsal names it before the first merge: \(verdict ?? "nothing")")
        let tree = draft["status"]?["tree"] ?? .null
        try await release.ask("approve", of: "edge-next", by: "dora", ["tree": tree])
        let held = try await release.ask(
            "promote", of: "edge-next", by: "bob", ["target": "complete"], shown: " --to complete")
        for line in ReleaseView.notes(on: held).suffix(2) { try narrator.show(line) }
        try see(Set(release.results(held).values) == ["waiting"], "refused before anything was merged")
    }

    /// The pins of all branches, each once, by their first digit.
    private func pins() async throws -> Set<Character> {
        var pins: Set<Character> = []
        for branch in SampleControlRepository.stages + SampleControlRepository.batches.flatMap(\.self) {
            if let first = try await stage.content(of: branch).pin.first { pins.insert(first) }
        }
        return pins
    }

    /// The code of a refusal; nil when nothing was refused.
    private func refusal(_ ask: () async throws -> JSONValue) async -> String? {
        do {
            _ = try await ask()
            return nil
        } catch { return (error as? CommandFailure)?.code }
    }

    private func see(_ isSo: Bool, _ sentence: String) throws {
        guard isSo else {
            throw CommandFailure(.notReady, "this was not seen: \(sentence)", code: "demo.not-seen")
        }
        try narrator.seen(sentence)
    }
}
