import Diagnostics
import ForgeDoubles
import Forges
import GitClient
import Testing

@Suite("Every forge: merge requests")
struct MergeRequestConformance {
    private static let hosts = Host.ready

    /// A branch with a commit of its own, and the merge request from it into master.
    private static func open(
        on stage: Stage, _ source: String = "release/1", labels: [String] = []
    ) async throws -> MergeRequest? {
        guard stage.forge.capabilities.contains(.openMergeRequests) else { return nil }
        let head = try await stage.commit(["pins.txt": "new\n"], to: source)
        return try await stage.forge.open(
            MergeRequestProposal(
                source: try RefName.branch(source), head: head, target: stage.master, title: "Release 1",
                body: "What it brings.", labels: labels), project: stage.project)
    }

    private static func read(_ request: MergeRequest, on stage: Stage) async throws -> MergeRequest? {
        try await stage.forge.mergeRequest(request.id, project: stage.project)
    }

    @Test(arguments: hosts) func `a merge request is opened once, however often it is asked for`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            guard let request = try await Self.open(on: stage) else { return }
            #expect(request.title == "Release 1" && request.body == "What it brings.")
            #expect(request.isOurs && request.state == .open && request.target == stage.master)
            let proposal = MergeRequestProposal(
                source: try RefName.branch("release/1"), head: request.head, target: stage.master, title: "Another")
            let again = try await stage.forge.open(proposal, project: stage.project)
            #expect(again.id == request.id && again.title == "Release 1")
            let found = try await stage.forge.openMergeRequests(
                from: try RefName.branch("release/1"), into: stage.master, project: stage.project)
            #expect(found.map(\.id) == [request.id])
        }
    }

    @Test(arguments: hosts) func `nothing is opened from a branch that stands elsewhere`(_ host: Host) async throws {
        try await Stage.with(host) { stage in
            guard stage.forge.capabilities.contains(.openMergeRequests) else { return }
            let old = try await stage.commit(["a.txt": "1"], to: "release/1")
            try await stage.commit(["a.txt": "2"], to: "release/1")
            let proposal = MergeRequestProposal(
                source: try RefName.branch("release/1"), head: old, target: stage.master, title: "Release")
            let error = await #expect(throws: SluiceError.self) {
                try await stage.forge.open(proposal, project: stage.project)
            }
            #expect(error?.code == "forge.head-moved" && error?.kind == .conflict)
            let found = try await stage.forge.openMergeRequests(
                from: try RefName.branch("release/1"), into: stage.master, project: stage.project)
            #expect(found.isEmpty)
        }
    }

    @Test(arguments: hosts) func `title, text and labels become what they should be, and are written once`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            guard stage.forge.capabilities.contains(.editMergeRequests),
                let request = try await Self.open(on: stage, labels: ["release"])
            else { return }
            #expect(try await Self.read(request, on: stage)?.labels == ["release"])
            let change = MergeRequestChange(title: "Release 1b", body: "More.", labels: ["release", "urgent"])
            func update() async throws -> Bool {
                try await stage.forge.update(request.id, to: change, expecting: request.head, project: stage.project)
            }
            #expect(try await update())
            let read = try await Self.read(request, on: stage)
            #expect(read?.title == "Release 1b" && read?.body == "More." && read?.labels == ["release", "urgent"])
            #expect(try await update() == false)
        }
    }

    @Test(arguments: hosts) func `people are asked for a review once, and whom the host does not let us ask is named`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            guard let request = try await Self.open(on: stage) else { return }
            func ask(_ people: String...) async throws -> [String] {
                try await stage.forge.askForReview(of: request.id, from: people, project: stage.project)
            }
            func reviewers() async throws -> Int {
                let number = try #require(Int(request.id.rawValue))
                return try await stage.double.administer { try await $0.record(number, in: Stage.path) }.reviewers?
                    .count
                    ?? 0
            }
            guard stage.forge.capabilities.contains(.reviewers) else {
                let error = await #expect(throws: SluiceError.self) { try await ask("ada") }
                #expect(error?.code == "forge.not-supported")
                return
            }
            if host == .oldGitLab {
                #expect(try await ask("ada") == ["ada"], "it has no reviewers")
                return
            }
            #expect(try await ask("ada", "nobody") == ["nobody"])
            #expect(try await ask("ada", "grace").isEmpty)
            #expect(try await reviewers() == 2)
        }
    }

    @Test(arguments: hosts) func `a merge moves the branch by a merge commit, and is done once`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            guard let request = try await Self.open(on: stage) else { return }
            // The branches part, so that a merge commit is needed on every host.
            let before = try await stage.commit(["other.txt": "x"], to: "master")
            let outcome = try await stage.merging(request.id, at: request.head, message: "Take release 1")
            guard case .merged = outcome else {
                Testing.Issue.record("it was not merged: \(outcome)")
                return
            }
            let after = try await stage.head(of: "master")
            #expect(after != before)
            guard case .merged? = try await Self.read(request, on: stage)?.state else {
                Testing.Issue.record("it does not read as merged")
                return
            }
            guard
                case .alreadyMerged = try await stage.forge.merge(
                    request.id, expecting: request.head, message: nil, project: stage.project)
            else {
                Testing.Issue.record("it was merged twice")
                return
            }
            #expect(try await stage.head(of: "master") == after)
        }
    }

    @Test(arguments: hosts) func `nothing is merged or closed at a head that has moved`(_ host: Host) async throws {
        try await Stage.with(host) { stage in
            guard let request = try await Self.open(on: stage) else { return }
            switch host {
            case .local: return  // A local merge request stands where it was opened.
            case .gerrit:
                // What moves is the change with the merge, not the branch that it was made of.
                let number = try #require(Int(request.id.rawValue))
                try await stage.double.administer { try await $0.revise(number, in: Stage.path) }
            default: try await stage.commit(["pins.txt": "newer\n"], to: "release/1")
            }
            let master = try await stage.head(of: "master")
            let error = await #expect(throws: SluiceError.self) {
                try await stage.merging(request.id, at: request.head)
            }
            #expect(error?.code == "forge.head-moved")
            let closing = await #expect(throws: SluiceError.self) {
                try await stage.forge.close(request.id, expecting: request.head, project: stage.project)
            }
            #expect(closing?.code == "forge.head-moved")
            #expect(try await stage.head(of: "master") == master)
            #expect(try await Self.read(request, on: stage)?.state == .open)
        }
    }

    @Test(arguments: hosts) func `two sides that changed the same lines are a conflict, not a merge`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            guard let request = try await Self.open(on: stage) else { return }
            try await stage.commit(["pins.txt": "other\n"], to: "master")
            let master = try await stage.head(of: "master")
            let error = await #expect(throws: SluiceError.self) {
                try await stage.merging(request.id, at: request.head)
            }
            #expect(error?.code == "forge.merge-conflict" && error?.kind == .stalled)
            #expect(try await stage.head(of: "master") == master)
        }
    }

    @Test(arguments: hosts) func `a merge request is closed once, and a merged one is not closed`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            guard let request = try await Self.open(on: stage) else { return }
            func close() async throws -> Bool {
                try await stage.forge.close(request.id, expecting: request.head, project: stage.project)
            }
            #expect(try await close())
            #expect(try await Self.read(request, on: stage)?.state == .closed)
            #expect(try await close() == false)
            guard let other = try await Self.open(on: stage, "release/2") else { return }
            _ = try await stage.merging(other.id, at: other.head)
            let error = await #expect(throws: SluiceError.self) {
                try await stage.forge.close(other.id, expecting: other.head, project: stage.project)
            }
            #expect(error?.code == "forge.candidate-merged")
        }
    }
}

extension Stage {
    /// Merges as the release reconciler would: again, for a while, as long as the host is still finding out.
    @discardableResult
    func merging(_ id: CandidateID, at head: ObjectID, message: String? = nil) async throws -> MergeOutcome {
        for _ in 0..<5 {
            do {
                return try await forge.merge(id, expecting: head, message: message, project: project)
            } catch let error as SluiceError where error.code == "forge.merge-pending" {
                clock.advance(by: .seconds(5))
            }
        }
        return try await forge.merge(id, expecting: head, message: message, project: project)
    }
}
