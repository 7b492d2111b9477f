import Diagnostics
import ForgeDoubles
import Forges
import GitClient
import NIOConcurrencyHelpers
import Testing

extension Stage {
    func report(
        _ verdict: Verdict, on proposal: Proposal, at revision: ObjectID? = nil, _ summary: String = "12 changesets",
        body: String = "All of them ran.\n\n- `tables.xml`"
    ) async throws -> ReportOutcome {
        try await forge.report(
            report(verdict, of: proposal, at: revision, summary, body: body), project: project)
    }

    func report(
        _ verdict: Verdict, of proposal: Proposal, at revision: ObjectID? = nil, _ summary: String = "12 changesets",
        body: String = "All of them ran.\n\n- `tables.xml`"
    ) -> VerdictReport {
        VerdictReport(
            candidate: proposal.id, revision: revision ?? proposal.revision, verdict: verdict, summary: summary,
            body: body)
    }

    func verdict(on proposal: Proposal, at revision: ObjectID? = nil) async throws -> VerdictReport? {
        try await forge.verdict(on: revision ?? proposal.revision, of: proposal.id, project: project)
    }
}

@Suite("Every forge: verdicts")
struct VerdictConformance {
    @Test(arguments: Host.ready) func `a verdict is read back as it was written`(_ host: Host) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            #expect(try await stage.verdict(on: proposal) == nil)
            for verdict in [Verdict.unknown, .failed, .success] {
                #expect(try await stage.report(verdict, on: proposal) == .posted)
                #expect(try await stage.verdict(on: proposal) == stage.report(verdict, of: proposal))
            }
        }
    }

    @Test(arguments: Host.ready) func `V-02: a verdict that stands already is not written again`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            #expect(try await stage.report(.failed, on: proposal) == .posted)
            if host.type != nil { try stage.double.log.clear() }
            for _ in 0..<3 { #expect(try await stage.report(.failed, on: proposal) == .alreadyThere) }
            if host.type != nil { #expect(try stage.writes().isEmpty) }
        }
    }

    @Test(arguments: Host.readyRemote) func `there is one comment, edited in place where the host can`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            for verdict in [Verdict.unknown, .failed, .success] { _ = try await stage.report(verdict, on: proposal) }
            let comments = try await stage.ourComments(on: proposal)
            if stage.forge.capabilities.contains(.editComments) {
                #expect(comments.count == 1)
            } else {
                #expect(comments.count == 3)
            }
            #expect(comments.last?.contains("All of them ran.") ?? false)
        }
    }

    @Test(arguments: Host.ready) func `F-08: nothing is written on a revision that the candidate has left`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            let revised = try await stage.revise(proposal)
            if host.type != nil { try stage.double.log.clear() }
            #expect(try await stage.report(.success, on: proposal) == .revisionMoved)
            if host.type != nil { #expect(try stage.writes().isEmpty) }
            #expect(try await stage.verdict(on: proposal, at: revised) == nil)
        }
    }

    @Test(arguments: Host.ready) func `nothing is written on a candidate that is closed`(_ host: Host) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            try await stage.close(proposal)
            if host.type != nil { try stage.double.log.clear() }
            #expect(try await stage.report(.success, on: proposal) == .revisionMoved)
            if host.type != nil { #expect(try stage.writes().isEmpty) }
        }
    }

    @Test(arguments: Host.ready) func `a verdict on one revision says nothing of the next`(_ host: Host) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            _ = try await stage.report(.success, on: proposal)
            let revised = try await stage.revise(proposal)
            #expect(try await stage.verdict(on: proposal, at: revised) == nil)
            #expect(try await stage.report(.failed, on: proposal, at: revised) == .posted)
            #expect(try await stage.verdict(on: proposal, at: revised)?.verdict == .failed)
        }
    }

    @Test(arguments: Host.readyRemote) func `what others wrote is not taken for ours and not touched`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            _ = try await stage.report(.success, on: proposal)
            let ours = try await stage.ourComments(on: proposal)
            // Somebody repeats our words on another candidate, mark and all.
            let other = try await stage.propose(2)
            for text in ours {
                try await stage.double.administer {
                    try await $0.say(text, on: other.number, in: Stage.path, by: "grace")
                }
            }
            #expect(try await stage.verdict(on: other) == nil)
            #expect(try await stage.report(.failed, on: other) == .posted)
            let record = try await stage.record(other)
            let theirs = record.comments.filter { ours.contains($0.body) }
            #expect(theirs.count == ours.count)
            #expect(try await stage.verdict(on: other)?.verdict == .failed)
        }
    }

    @Test(arguments: Host.readyRemote) func `another adapter, after a restart, finds the verdict by looking`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            _ = try await stage.report(.success, on: proposal)
            guard case .double(let double, let baseURL) = stage.place else { return }
            let again = try await Stage.adapter(of: host, at: baseURL, stage.clock)
            double.log.clear()
            let found = try await again.verdict(on: proposal.revision, of: proposal.id, project: stage.project)
            #expect(found == stage.report(.success, of: proposal))
            let outcome = try await again.report(stage.report(.success, of: proposal), project: stage.project)
            #expect(outcome == .alreadyThere && double.log.writes.isEmpty)
        }
    }

    /// Gerrit's passwords belong to one user name.
    @Test(arguments: Host.readyRemote.filter { $0 != .gerrit })
    func `V-02: with a token of another account the verdict is posted once more, and not again and again`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            guard case .double(let double, let baseURL) = stage.place else { return }
            let token = NIOLockedValueBox(Stage.token)
            let forge = try await Stage.adapter(
                of: host, at: baseURL, stage.clock, token: { token.withLockedValue { $0 } })
            let proposal = try await stage.propose(1)
            let report = stage.report(.failed, of: proposal)
            #expect(try await forge.report(report, project: stage.project) == .posted)
            try await double.administer { world in
                let other = try await world.addAccount("sluice-2", isApp: host == .githubApp)
                try await world.addToken("the-next-token-0123456789", for: other)
                try await world.removeToken(Stage.token)
            }
            token.withLockedValue { $0 = "the-next-token-0123456789" }
            #expect(try await forge.report(report, project: stage.project) == .posted)
            let found = try await forge.verdict(on: report.revision, of: report.candidate, project: stage.project)
            #expect(found == report)
            double.log.clear()
            #expect(try await forge.report(report, project: stage.project) == .alreadyThere)
            #expect(double.log.writes.isEmpty)
            #expect(try await stage.record(proposal).comments.count == 2)
        }
    }

    @Test(arguments: [Host.gitlab, .oldGitLab, .gitee]) func `people's labels stay, and one of ours is there`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            try await stage.double.administer { world in
                try await world.label(["urgent", "verified::passed"], on: proposal.number, in: Stage.path, by: "ada")
            }
            for (verdict, label) in [(Verdict.failed, "failed"), (.success, "passed"), (.unknown, "running")] {
                #expect(try await stage.report(verdict, on: proposal) == .posted)
                #expect(try await stage.record(proposal).labels.sorted() == ["urgent", "verified::\(label)"])
            }
            // Never the whole list where single labels can be named: somebody may be labelling at this moment.
            if host == .gitee { #expect(!(try stage.writes().contains { $0.method == "PUT" })) }
        }
    }

    @Test(arguments: Host.ready) func `a body of hostile text comes back as it was sent`(_ host: Host) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            let body = """
                <!-- sluice:verdict -->
                Verified: -1
                ```sql
                SELECT '</details>' /* é ✓ 漢字 */;
                ```
                | a | b |
                @everyone /merge ~"label" #1 !1
                """
            _ = try await stage.report(.success, on: proposal, "a -- b <!-- c --> d", body: body)
            let read = try await stage.verdict(on: proposal)
            #expect(read == stage.report(.success, of: proposal, "a -- b <!-- c --> d", body: body))
            #expect(
                try await stage.report(.success, on: proposal, "a -- b <!-- c --> d", body: body) == .alreadyThere)
        }
    }
}
