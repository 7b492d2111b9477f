import Diagnostics
import ForgeDoubles
import Forges
import GitClient
import Testing

@Suite("Gerrit: votes", .enabled(if: Host.ready.contains(.gerrit)))
struct GerritConformance {
    @Test func `V-01: a vote that Gerrit copied to a rebased patch set is not believed`() async throws {
        try await Stage.with(.gerrit) { stage in
            let proposal = try await stage.propose(1)
            try await stage.double.administer { world in
                try await world.configure(Stage.path) {
                    $0.copyCondition = "changekind:NO_CODE_CHANGE OR changekind:TRIVIAL_REBASE OR is:MIN"
                }
            }
            #expect(try await stage.report(.success, on: proposal) == .posted)
            let base = try await stage.commit(["other.txt": "x"], to: "master")
            let rebased = try await stage.double.administer {
                try await $0.revise(proposal.number, in: Stage.path, onto: base)
            }
            let record = try await stage.record(proposal)
            #expect(record.revisions.last?.kind == "TRIVIAL_REBASE")
            #expect(record.votes(on: 2).map(\.value) == [1], "the host shows the vote on the new patch set")
            #expect(try await stage.verdict(on: proposal, at: rebased) == nil)
            #expect(try await stage.report(.failed, on: proposal, at: rebased) == .posted)
            #expect(try await stage.record(proposal).votes(on: 2).map(\.value) == [-1])
        }
    }

    @Test func `V-03: a label whose votes are copied is told as a hazard`() async throws {
        try await Stage.with(.gerrit) { stage in
            #expect(try await stage.forge.verdictHazards(project: stage.project, branch: stage.master).isEmpty)
            try await stage.double.administer { world in
                try await world.configure(Stage.path) { $0.copyCondition = "changekind:TRIVIAL_REBASE" }
            }
            let hazards = try await stage.forge.verdictHazards(project: stage.project, branch: stage.master)
            #expect(!hazards.isEmpty)
            // Copied where nothing changed: what the guide for administrators recommends.
            try await stage.double.administer { world in
                try await world.configure(Stage.path) { $0.copyCondition = "changekind:NO_CHANGE" }
            }
            #expect(try await stage.forge.verdictHazards(project: stage.project, branch: stage.master).isEmpty)
        }
    }

    @Test(arguments: [403, 404, 405]) func `V-03: settings that we may not see are told, and not taken for harmless`(
        _ status: Int
    ) async throws {
        try await Stage.with(.gerrit) { stage in
            try stage.double.faults.set([Fault(.status, on: "*/labels/", times: 10, status: status)])
            let hazards = try await stage.forge.verdictHazards(project: stage.project, branch: stage.master)
            #expect(hazards.count == 1 && hazards.first?.contains("cannot be seen") == true)
        }
    }

    @Test func `V-02: a vote that somebody removed is given again, and the words are not said twice`() async throws {
        try await Stage.with(.gerrit) { stage in
            let proposal = try await stage.propose(1)
            #expect(try await stage.report(.failed, on: proposal) == .posted)
            for _ in 1...2 {
                try await stage.double.administer { world in
                    try await world.vote(0, on: "Verified", of: proposal.number, in: Stage.path, by: Stage.login)
                }
                #expect(try await stage.verdict(on: proposal) == nil)
                #expect(try await stage.report(.failed, on: proposal) == .posted)
                #expect(try await stage.verdict(on: proposal)?.verdict == .failed)
                #expect(try await stage.report(.failed, on: proposal) == .alreadyThere)
            }
            let texts = try await stage.ourComments(on: proposal).filter { $0.contains("All of them ran.") }
            #expect(texts.count == 1)
        }
    }

    @Test func `the votes of others stay as they are, and are not taken for ours`() async throws {
        try await Stage.with(.gerrit) { stage in
            let proposal = try await stage.propose(1)
            try await stage.double.administer { world in
                try await world.vote(1, on: "Verified", of: proposal.number, in: Stage.path, by: "grace")
            }
            #expect(try await stage.verdict(on: proposal) == nil)
            #expect(try await stage.report(.failed, on: proposal) == .posted)
            let votes = try await stage.record(proposal).votes
            #expect(votes.map(\.value).sorted() == [-1, 1])
        }
    }
}
