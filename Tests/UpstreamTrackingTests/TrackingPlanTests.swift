import DesiredState
import Forges
import Foundation
import GitClient
import PatchSeries
import Reconciliation
import StateStore
import Testing

@testable import UpstreamTracking

@Suite("The plan for an upstream")
struct TrackingPlanTests {
    private static func id(_ digit: Character) throws -> ObjectID { try ObjectID(String(repeating: digit, count: 40)) }

    private static let now = Date(timeIntervalSince1970: 1_770_000_000)
    private static let text = ProposalText(title: "t", request: "r", issue: "i")

    /// Upstream has one commit more, nothing is proposed yet.
    private static func seen(_ change: (inout TrackingObservation) throws -> Void = { _ in }) throws
        -> TrackingObservation
    {
        var seen = TrackingObservation(
            spec: UpstreamSpec(
                source: UpstreamSource(place: .url("https://h/t.git"), branch: "main"),
                package: TrackedPackage(forge: "local", project: "p/t", branch: "master"), cooldown: .seconds(3600)),
            status: TrackingStatus(), time: now)
        seen.status.cursor = try id("1")
        seen.upstream = try id("2")
        seen.package = try id("a")
        seen.standing = .ahead(by: 1)
        seen.proposal = .init(
            head: try id("2"), commit: try id("c"),
            rows: [PatchRow(commit: try id("2"), subject: "s", author: "a", status: .clean)], text: text)
        try change(&seen)
        return seen
    }

    private static func proposed(_ seen: inout TrackingObservation) throws {
        seen.branch = .init(head: try id("c"), covered: try id("2"), hasForeignCommits: false)
        seen.request = .init(id: try CandidateID("7"), state: .open, head: try id("c"))
        seen.issueIsOpen = true
        seen.status.told = text.digest
        seen.status.toldIssue = text.digest
        seen.status.covered = try id("2")
    }

    private static func tasks(_ seen: TrackingObservation) -> [String] {
        TrackingPlan.decide(seen).actions.map { String($0.word.dropFirst("upstream.".count)) }
    }

    @Test("what is new is pushed, told and judged, in this order")
    func proposal() throws {
        #expect(Self.tasks(try Self.seen()) == ["push", "tell-issue", "tell-request", "verify"])
    }

    @Test("what stands there already is left alone, and what is missing of it is made again")
    func steady() throws {
        #expect(Self.tasks(try Self.seen(Self.proposed)).isEmpty)
        let noIssue = try Self.seen { seen in
            try Self.proposed(&seen)
            seen.issueIsOpen = nil
        }
        #expect(Self.tasks(noIssue) == ["tell-issue", "tell-request", "verify"])
        let noRequest = try Self.seen { seen in
            try Self.proposed(&seen)
            seen.request = nil
        }
        #expect(Self.tasks(noRequest) == ["tell-issue", "tell-request", "verify"])
    }

    @Test("a branch with people's commits is never pushed to and never deleted unless all of it is merged")
    func people() throws {
        func foreign(_ change: (inout TrackingObservation) throws -> Void) throws -> [String] {
            Self.tasks(
                try Self.seen { seen in
                    try Self.proposed(&seen)
                    seen.branch = .init(head: try Self.id("d"), covered: try Self.id("1"), hasForeignCommits: true)
                    try change(&seen)
                })
        }
        #expect(try !foreign { _ in }.contains("push"))
        #expect(try foreign { $0.request?.state = .closed } == ["close-issue"])
        #expect(try foreign { $0.standing = .upToDate }.isEmpty)
        #expect(
            try foreign { $0.request?.state = .merged(as: nil) } == ["move-cursor", "close-issue"],
            "what came after the merge stays")
        for merged in [
            { $0.request?.head = try Self.id("d") }, { $0.branch?.isInPackage = true },
        ] as [(inout TrackingObservation) throws -> Void] {
            let tasks = try foreign { seen in
                seen.request?.state = .merged(as: nil)
                try merged(&seen)
            }
            #expect(tasks == ["move-cursor", "delete-branch", "close-issue"])
        }
    }

    @Test("a merge request with people's commits says what its branch has, not what is new, and its head has a verdict")
    func held() throws {
        func plan(covered: Character, verified: Character) throws -> [TrackingAction] {
            TrackingPlan.decide(
                try Self.seen { seen in
                    try Self.proposed(&seen)
                    seen.branch = .init(head: try Self.id("d"), covered: try Self.id(covered), hasForeignCommits: true)
                    seen.request?.head = try Self.id("d")
                    seen.status.verified = try Self.id(verified)
                }
            ).actions
        }
        let actions = try plan(covered: "9", verified: "c")
        guard case .tellRequest(let text, _)? = actions.dropFirst().first, case .verify(let head, _, _)? = actions.last
        else {
            Testing.Issue.record("it is told and judged: \(actions)")
            return
        }
        #expect(text.title == "Patches of upstream's main up to 9999999999, with people's commits")
        #expect(head == (try Self.id("d")))
        #expect(try plan(covered: "2", verified: "d").isEmpty, "the text was true, and stays")
    }

    @Test("where there can be no issue the merge request is told all the same, and what is told stays")
    func noIssues() throws {
        #expect(Self.tasks(try Self.seen { $0.issueProblem = "no" }) == ["push", "tell-request", "verify"])
        func steady(_ change: (inout TrackingObservation) -> Void) throws -> [String] {
            Self.tasks(
                try Self.seen { seen in
                    try Self.proposed(&seen)
                    seen.issueIsOpen = nil
                    change(&seen)
                })
        }
        #expect(try steady { $0.issueProblem = "no" }.isEmpty)
        #expect(try steady { $0.status.issueProblem = "no" }.isEmpty, "it is not tried at every look")
    }

    @Test("people are asked once for each merge request, where the host has it, and others when they are added")
    func reviewers() throws {
        func people(_ change: (inout TrackingObservation) throws -> Void) throws -> [String] {
            let plan = TrackingPlan.decide(
                try Self.seen { seen in
                    try Self.proposed(&seen)
                    seen.spec = UpstreamSpec(
                        source: seen.spec.source, package: seen.spec.package, reviewers: ["ada", "bo"])
                    seen.canAskReviewers = true
                    try change(&seen)
                })
            for case .askReviewers(let people) in plan.actions { return people }
            return []
        }
        #expect(try people { _ in } == ["ada", "bo"])
        #expect(try people { $0.status.asked = ["ada"] } == ["bo"])
        #expect(try people { $0.status.asked = ["ada", "bo"] }.isEmpty)
        #expect(try people { $0.canAskReviewers = false }.isEmpty)
        #expect(try people { $0.request?.isOurs = false }.isEmpty)
    }

    @Test("an open merge request is told why nothing goes on, once, and a stranger's is left alone")
    func warned() throws {
        func lost(_ change: (inout TrackingObservation) throws -> Void = { _ in }) throws -> [TrackingAction] {
            TrackingPlan.decide(
                try Self.seen { seen in
                    try Self.proposed(&seen)
                    seen.standing = .cursorLost
                    try change(&seen)
                }
            ).actions
        }
        let actions = try lost()
        guard case .warn(let id, let line?)? = actions.first else {
            Testing.Issue.record("it is told: \(actions)")
            return
        }
        #expect(actions.count == 1 && id.rawValue == "7" && line.contains("upstream has no commit"))
        #expect(try lost { $0.status.warned = line }.isEmpty)
        #expect(try lost { $0.request?.isOurs = false }.isEmpty)
        #expect(try lost { $0.request = nil }.isEmpty)
        let again = try Self.seen { seen in
            try Self.proposed(&seen)
            seen.status.warned = line
        }
        #expect(Self.tasks(again).contains("tell-request"), "what is proposed stands there again")
    }

    @Test(
        "how far behind an upstream is is not known while it is stuck, and stays as it was when it cannot be looked at")
    func behind() throws {
        func behind(_ change: (inout TrackingObservation) -> Void) throws -> Int? {
            try Self.seen { seen in
                seen.status.behind = 4
                change(&seen)
            }.after.behind
        }
        #expect(try behind { _ in } == 1)
        #expect(try behind { $0.standing = .upToDate } == 0)
        #expect(try behind { $0.standing = .cursorLost } == nil)
        #expect(try behind { $0.standing = .rewritten(RewrittenHistory(base: nil, dropped: [], new: [])) } == nil)
        let unreadable = try behind { seen in
            (seen.upstream, seen.standing) = (nil, nil)
            seen.obstacle = .init(message: "no access")
        }
        #expect(unreadable == 4)
    }

    @Test("what was proposed is taken back when nothing of it is wanted any more")
    func withdrawn() throws {
        let seen = try Self.seen { seen in
            try Self.proposed(&seen)
            seen.proposal = nil
        }
        #expect(Self.tasks(seen) == ["close-request", "delete-branch", "close-issue"])
        #expect(TrackingPlan.decide(seen).result.reason == "NothingToPropose")
    }

    @Test("a merge moves the cursor before anything is tidied up, and never back")
    func mergeMoves() throws {
        func merged(coversNothingNew: Bool) throws -> [String] {
            Self.tasks(
                try Self.seen { seen in
                    try Self.proposed(&seen)
                    seen.request?.state = .merged(as: nil)
                    seen.coversNothingNew = coversNothingNew
                })
        }
        #expect(try merged(coversNothingNew: false) == ["move-cursor", "delete-branch", "close-issue"])
        #expect(try merged(coversNothingNew: true) == ["delete-branch", "close-issue"])
    }

    @Test("somebody else's merge request is never closed, and its branch stays with it")
    func strangers() throws {
        let seen = try Self.seen { seen in
            try Self.proposed(&seen)
            seen.request?.isOurs = false
            seen.standing = .upToDate
        }
        #expect(Self.tasks(seen).isEmpty)
        #expect(TrackingPlan.leave(seen).actions.isEmpty && TrackingPlan.move(seen).actions.isEmpty)
    }

    @Test("what is ours at a former place goes, and what was merged there counts unless all of it is to stay")
    func moved() throws {
        func tasks(_ removal: UpstreamRemoval, _ state: MergeRequest.State) throws -> [String] {
            let seen = try Self.seen { seen in
                try Self.proposed(&seen)
                seen.request?.state = state
                seen.spec = UpstreamSpec(source: seen.spec.source, package: seen.spec.package, removal: removal)
            }
            return TrackingPlan.move(seen).actions.map { String($0.word.dropFirst("upstream.".count)) }
        }
        #expect(try tasks(.close, .open) == ["close-request", "delete-branch", "close-issue"])
        #expect(try tasks(.close, .merged(as: nil)) == ["move-cursor", "delete-branch", "close-issue"])
        #expect(try tasks(.leave, .open).isEmpty)
        #expect(try tasks(.leave, .merged(as: nil)) == ["move-cursor"])
    }

    @Test("the cursor moves with a merge, to a start, and past a rewritten history only when that is allowed")
    func cursor() throws {
        func target(_ change: (inout TrackingObservation) throws -> Void) throws -> ObjectID? {
            for action in TrackingPlan.decide(try Self.seen(change)).actions {
                switch action {
                case .moveCursor(let target, _, _), .followRewritten(let target, _, _, _): return target
                default: break
                }
            }
            return nil
        }
        let merged = try target { seen in
            try Self.proposed(&seen)
            seen.request?.state = .merged(as: nil)
        }
        #expect(merged == (try Self.id("2")))
        #expect(try target { $0.standing = nil } == (try Self.id("2")), "where it stands at the first look")
        #expect(try target { _ in } == nil)
        let start = String(repeating: "5", count: 40)
        for (before, moves) in [("", true), (String(repeating: "4", count: 40), true), (start, false), (nil, false)] {
            let lost = try target { seen in
                seen.standing = .cursorLost
                seen.status.start = before
                seen.spec = UpstreamSpec(
                    source: UpstreamSource(place: seen.spec.source.place, branch: "main", start: start),
                    package: seen.spec.package)
            }
            #expect(
                lost == (moves ? try Self.id("5") : nil), "a cursor that is lost goes where a person has said since")
        }
        let gone = CommitLine(id: try Self.id("9"), subject: "gone")
        for (equivalent, response, moves) in [
            (true, RewriteResponse.equivalent, true), (false, .equivalent, false), (false, .follow, true),
            (true, .stop, false),
        ] {
            let found = try target { seen in
                seen.spec = UpstreamSpec(source: seen.spec.source, package: seen.spec.package, rewritten: response)
                seen.standing = .rewritten(
                    RewrittenHistory(
                        base: try Self.id("0"),
                        dropped: [
                            .init(commit: gone, equivalent: equivalent ? try Self.id("8") : nil, isTrivial: false)
                        ], new: []))
            }
            #expect((found != nil) == moves, "\(response), equivalent: \(equivalent)")
        }
    }

    @Test("of a history that was rewritten, the commits that the package has are known by what they change")
    func known() throws {
        func line(_ digit: Character) throws -> CommitLine { CommitLine(id: try Self.id(digit), subject: "s") }
        let plan = TrackingPlan.decide(
            try Self.seen { seen in
                seen.status.known = [try Self.id("5"), try Self.id("9")]
                seen.standing = .rewritten(
                    RewrittenHistory(
                        base: try Self.id("0"),
                        dropped: [.init(commit: try line("3"), equivalent: try Self.id("4"), isTrivial: false)],
                        new: [try line("4"), try line("5"), try line("6")]))
            })
        guard case .followRewritten(_, _, let known, _)? = plan.actions.first else {
            Testing.Issue.record("the history is followed")
            return
        }
        #expect(known == [try Self.id("4"), try Self.id("5")], "one that is gone again is known no more")
    }

    @Test("what was refused is not proposed again, and a cool-down is kept and told")
    func pauses() throws {
        let refused = TrackingPlan.decide(try Self.seen { $0.status.refused = try Self.id("2") })
        #expect(refused.actions.isEmpty && refused.result.reason == "Refused")
        let cooling = TrackingPlan.decide(try Self.seen { $0.status.ended = Self.now.addingTimeInterval(-600) })
        #expect(cooling.actions.isEmpty && cooling.result.reason == "CoolingDown")
        #expect(cooling.result.lookAgain == .seconds(3000))
        #expect(Self.tasks(try Self.seen { $0.status.ended = Self.now.addingTimeInterval(-3600) }).count == 4)
    }

    @Test("whatever keeps an upstream from going on has a reason, and is looked at again")
    func stuck() throws {
        let cases: [(String, (inout TrackingObservation) -> Void)] = [
            ("PackageBranchMissing", { $0.package = nil }), ("UpstreamBranchMissing", { $0.upstream = nil }),
            ("CursorLost", { $0.standing = .cursorLost }),
            ("UpstreamRewritten", { $0.standing = .rewritten(RewrittenHistory(base: nil, dropped: [], new: [])) }),
        ]
        for (reason, change) in cases {
            let result = TrackingPlan.decide(try Self.seen(change)).result
            #expect(result.reason == reason)
            #expect(result.lookAgain == .seconds(3600))
            guard case .stalled = result.standing else {
                Testing.Issue.record("\(reason) is stalled")
                continue
            }
        }
    }
}
