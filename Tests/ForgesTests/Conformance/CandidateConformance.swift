import Diagnostics
import ForgeDoubles
import Forges
import GitClient
import TestSupport
import Testing

@Suite("Every forge: candidates")
struct CandidateConformance {
    @Test(arguments: Host.ready) func `all that is open is listed, over more than two pages`(_ host: Host) async throws
    {
        try await Stage.with(host, pageLimit: 3) { stage in
            var proposed: [CandidateID: ObjectID] = [:]
            for number in 1...8 {
                let proposal = try await stage.propose(number)
                proposed[proposal.id] = proposal.revision
            }
            let open = try await stage.forge.openCandidates(project: stage.project, branch: stage.master)
            #expect(Dictionary(uniqueKeysWithValues: open.map { ($0.id, $0.revision) }) == proposed)
            #expect(open.map(\.id) == open.map(\.id).sorted())
            #expect(Set(open.map(\.title)) == Set((1...8).map { "Change \($0)" }))
            #expect(open.allSatisfy { $0.targetBranch == stage.master })
        }
    }

    @Test(arguments: Host.ready) func `nothing open is an empty list`(_ host: Host) async throws {
        try await Stage.with(host) { stage in
            let open = try await stage.forge.openCandidates(project: stage.project, branch: stage.master)
            #expect(open.isEmpty)
        }
    }

    @Test(arguments: Host.ready) func `what was merged or closed is not listed, and its state is told`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            let open = try await stage.propose(1)
            let merged = try await stage.propose(2)
            let closed = try await stage.propose(3)
            try await stage.merge(merged)
            try await stage.close(closed)
            let listed = try await stage.forge.openCandidates(project: stage.project, branch: stage.master)
            #expect(listed.map(\.id) == [open.id])
            func state(_ id: CandidateID) async throws -> CandidateState {
                try await stage.forge.candidate(id, project: stage.project, branch: stage.master)
            }
            guard case .open(let candidate) = try await state(open.id) else {
                Testing.Issue.record("it is not open")
                return
            }
            #expect(candidate.revision == open.revision && candidate.title == "Change 1")
            guard case .merged = try await state(merged.id) else {
                Testing.Issue.record("it is not merged")
                return
            }
            #expect(try await state(closed.id) == .closed)
        }
    }

    @Test(arguments: Host.ready) func `a candidate that nobody knows is neither open nor merged`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            switch try await stage.forge.candidate(
                try CandidateID("4711"), project: stage.project, branch: stage.master)
            {
            case .open, .merged: Testing.Issue.record("nobody has proposed it")
            // A host that hides what we may not see says the same of what there never was.
            case .closed, .notVisible: break
            }
        }
    }

    @Test(arguments: Host.readyRemote) func `candidates of other branches are not listed`(_ host: Host) async throws {
        try await Stage.with(host) { stage in
            try await stage.commit(["x.txt": "x"], to: "release")
            try await stage.propose(1, into: "release")
            let mine = try await stage.propose(2)
            let listed = try await stage.forge.openCandidates(project: stage.project, branch: stage.master)
            #expect(listed.map(\.id) == [mine.id])
        }
    }

    @Test(arguments: Host.ready) func `a new push is the same candidate at another revision`(_ host: Host) async throws
    {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            let revised = try await stage.revise(proposal)
            let listed = try await stage.forge.openCandidates(project: stage.project, branch: stage.master)
            #expect(listed.map(\.id) == [proposal.id] && listed.map(\.revision) == [revised])
            let revisions = try await stage.forge.revisions(of: proposal.id, project: stage.project)
            #expect(revisions.last?.commit == revised)
            if stage.forge.capabilities.contains(.revisionHistory) {
                #expect(revisions.map(\.commit) == [proposal.revision, revised])
            }
        }
    }

    @Test(arguments: Host.ready) func `the files that a candidate changes are told, and no others`(
        _ host: Host
    ) async throws {
        try await Stage.with(host, pageLimit: 2) { stage in
            let proposal = try await stage.propose(
                1, ["a.txt": "a", "b/c.txt": "c", "d.txt": "d", "e.txt": "e", "master.txt": "one\ntwo\nfour\n"])
            let files = try await stage.forge.changedFiles(
                of: proposal.id, at: proposal.revision, project: stage.project)
            #expect(files.map(\.path) == ["a.txt", "b/c.txt", "d.txt", "e.txt", "master.txt"])
            #expect(files.map(\.change) == [.added, .added, .added, .added, .modified])
        }
    }

    @Test(arguments: Host.ready) func `a branch's head is told, and nil for no such branch`(_ host: Host) async throws {
        try await Stage.with(host) { stage in
            let head = try await stage.head(of: "master")
            #expect(try await stage.forge.branchHead(project: stage.project, branch: stage.master) == head)
            let none = try RefName.branch("no/such")
            #expect(try await stage.forge.branchHead(project: stage.project, branch: none) == nil)
        }
    }

    @Test(arguments: Host.ready) func `a project that is not there is an error, and never an empty list`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            let missing = try ProjectRef("land/nothing")
            let error = await #expect(throws: SluiceError.self) {
                try await stage.forge.openCandidates(project: missing, branch: stage.master)
            }
            #expect(error?.kind == .stalled && error?.code == "forge.project-missing")
        }
    }

    @Test(arguments: Host.ready) func `what the source names brings every open candidate's commits`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            let proposals = [try await stage.propose(1), try await stage.propose(2)]
            let head = try await stage.head(of: "master")
            let source = try await stage.forge.source(project: stage.project)
            try await withTemporaryDirectory("mirror") { directory in
                let open = try await stage.forge.openCandidates(project: stage.project, branch: stage.master)
                let own = try open.compactMap(\.reference).map { try RefSpec($0.rawValue, to: $0.rawValue) }
                let mirror = try await stage.transport(of: source).clone(
                    source.remote, into: "\(directory)/m.git", refspecs: source.refspecs + own)
                for proposal in proposals { #expect(try await mirror.contains(proposal.revision)) }
                #expect(try await mirror.resolve(stage.master) == head)
            }
        }
    }
}
