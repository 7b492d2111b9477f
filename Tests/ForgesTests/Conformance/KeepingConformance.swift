import Diagnostics
import ForgeDoubles
import Forges
import GitClient
import Testing

@Suite("Every forge: comments, issues, branches and statuses")
struct KeepingConformance {
    @Test(arguments: Host.ready) func `a marked comment is one, and is found again by its mark`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            let place = Discussion.mergeRequest(proposal.id)
            let (one, two) = (try Marker("plan/1"), try Marker("plan/2"))
            func keep(_ text: String, _ marker: Marker) async throws -> CommentOutcome {
                try await stage.forge.keepComment(text, marked: marker, on: place, project: stage.project)
            }
            #expect(try await keep("first", one) == .posted)
            #expect(try await keep("other", two) == .posted)
            #expect(try await keep("first", one) == .alreadyThere)
            let edits = stage.forge.capabilities.contains(.editComments)
            #expect(try await keep("second", one) == (edits ? .edited : .posted))
            let read = try await stage.forge.comment(marked: one, on: place, project: stage.project)
            #expect(read?.text == "second")
            #expect(try await stage.forge.comment(marked: two, on: place, project: stage.project)?.text == "other")
        }
    }

    @Test(arguments: Host.readyRemote) func `a comment is found among many of other people's`(
        _ host: Host
    ) async throws {
        try await Stage.with(host, pageLimit: 3) { stage in
            let proposal = try await stage.propose(1)
            let marker = try Marker("plan/1")
            let place = Discussion.mergeRequest(proposal.id)
            func say(_ count: Int) async throws {
                for number in 0..<count {
                    try await stage.double.administer {
                        try await $0.say("\(number) \(marker)", on: proposal.number, in: Stage.path, by: "grace")
                    }
                }
            }
            try await say(4)
            _ = try await stage.forge.keepComment("ours", marked: marker, on: place, project: stage.project)
            try await say(4)
            let again = try await stage.forge.keepComment("ours", marked: marker, on: place, project: stage.project)
            #expect(again == .alreadyThere)
            #expect(try await stage.record(proposal).comments.count == 9 + (stage.initialComments))
        }
    }

    @Test(arguments: Host.ready) func `an issue is opened once, brought up to date, closed and opened again`(
        _ host: Host
    ) async throws {
        try await Stage.with(host, pageLimit: 3) { stage in
            guard stage.forge.capabilities.contains(.issues) else { return }
            let marker = try Marker("drift/land")
            func keep(_ title: String, _ body: String, labels: [String] = [], isOpen: Bool = true) async throws
                -> Forges.Issue
            {
                try await stage.forge.keep(
                    IssueDraft(marker: marker, title: title, body: body, labels: labels, isOpen: isOpen),
                    project: stage.project)
            }
            for number in 1...4 {
                _ = try await stage.forge.keep(
                    IssueDraft(marker: try Marker("other/\(number)"), title: "Other", body: "-"), project: stage.project
                )
            }
            let opened = try await keep("Drift", "One branch.", labels: ["drift"])
            #expect(opened.state == .open && opened.isOurs && opened.labels == ["drift"])
            let same = try await keep("Drift", "One branch.", labels: ["drift"])
            #expect(same.id == opened.id)
            let edited = try await keep("Drift of two", "Two branches.", labels: ["drift", "urgent"])
            #expect(edited.id == opened.id && edited.title == "Drift of two" && edited.labels == ["drift", "urgent"])
            let closed = try await keep("Drift of two", "Two branches.", labels: ["drift", "urgent"], isOpen: false)
            #expect(closed.id == opened.id && closed.state == .closed)
            let again = try await keep("Drift", "Again.", isOpen: true)
            #expect(again.id == opened.id && again.state == .open && again.labels == ["drift", "urgent"])
            #expect(try await stage.forge.issue(opened.id, project: stage.project)?.title == "Drift")
            #expect(try await stage.forge.issue(marked: marker, project: stage.project)?.id == opened.id)
            if host.type != nil {
                let all = try await stage.double.administer { try await $0.issueRecords(in: Stage.path) }
                #expect(all.count == 5)
            }
        }
    }

    @Test(arguments: Host.ready) func `a comment on an issue is kept like any other`(_ host: Host) async throws {
        try await Stage.with(host) { stage in
            guard stage.forge.capabilities.contains(.issues) else { return }
            let marker = try Marker("drift/land")
            let issue = try await stage.forge.keep(
                IssueDraft(marker: marker, title: "Drift", body: "One branch."), project: stage.project)
            func keep(_ text: String) async throws -> CommentOutcome {
                try await stage.forge.keepComment(text, marked: marker, on: .issue(issue.id), project: stage.project)
            }
            #expect(try await keep("a") == .posted)
            #expect(try await keep("a") == .alreadyThere)
            #expect(try await keep("b") == .edited)
        }
    }

    @Test(arguments: Host.ready) func `branches are made and deleted where they are expected, and only there`(
        _ host: Host
    ) async throws {
        try await Stage.with(host, pageLimit: 3) { stage in
            let head = try #require(try await stage.head(of: "master"))
            let branch = try RefName.branch("promo/1/zone-01")
            func make() async throws -> Bool {
                try await stage.forge.createBranch(branch, at: head, project: stage.project)
            }
            #expect(try await make())
            #expect(try await make() == false)
            for number in 2...5 {
                let name = try RefName.branch("promo/\(number)")
                _ = try await stage.forge.createBranch(name, at: head, project: stage.project)
            }
            let listed = try await stage.forge.branches(project: stage.project, withPrefix: "promo/")
            #expect(listed.count == 5 && listed[branch] == head)
            let moved = try await stage.commit(["x.txt": "x"], to: "promo/1/zone-01")
            func delete(at head: ObjectID) async throws -> Bool {
                try await stage.forge.deleteBranch(branch, expecting: head, project: stage.project)
            }
            let error = await #expect(throws: SluiceError.self) { try await delete(at: head) }
            #expect(error?.code == "forge.branch-moved")
            let making = await #expect(throws: SluiceError.self) { try await make() }
            #expect(making?.code == "forge.branch-moved")
            #expect(try await delete(at: moved))
            #expect(try await delete(at: moved) == false)
            #expect(try await stage.head(of: "promo/1/zone-01") == nil)
        }
    }

    @Test(arguments: Host.ready) func `a status stands once for each context`(_ host: Host) async throws {
        try await Stage.with(host, pageLimit: 2) { stage in
            guard stage.forge.capabilities.contains(.commitStatuses) else { return }
            let head = try #require(try await stage.head(of: "master"))
            func set(_ context: String, _ state: CommitStatus.State, _ summary: String = "") async throws -> Bool {
                try await stage.forge.set(
                    CommitStatus(context: context, state: state, summary: summary), on: head, project: stage.project)
            }
            #expect(try await set("sluice/gate", .pending))
            #expect(try await set("sluice/gate", .pending) == false)
            #expect(try await set("sluice/gate", .success, "12 changesets"))
            #expect(try await set("sluice/gate", .success, "12 changesets") == false)
            for number in 1...4 { _ = try await set("sluice/other-\(number)", .failed) }
            let all = try await stage.forge.statuses(on: head, project: stage.project)
            #expect(all.map(\.context) == ["sluice/gate"] + (1...4).map { "sluice/other-\($0)" })
            #expect(all.first?.state == .success && all.first?.summary == "12 changesets")
        }
    }

    @Test(arguments: Host.ready) func `who we are is told`(_ host: Host) async throws {
        try await Stage.with(host) { stage in
            let account = try await stage.forge.account()
            #expect(!account.id.isEmpty && !account.name.isEmpty)
            if let type = host.type, type != .github || host == .github {
                let ours = try await stage.ourAccount()
                #expect(account.id == String(ours))
            }
        }
    }
}

extension Stage {
    /// How many messages a candidate has before anybody says anything: Gerrit tells of the upload.
    var initialComments: Int { host == .gerrit ? 1 : 0 }
}
