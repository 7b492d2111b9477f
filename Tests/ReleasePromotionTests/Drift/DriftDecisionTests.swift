import DesiredState
import Foundation
import GitClient
import Reconciliation
import Testing

@testable import ReleasePromotion

@Suite("What drift is, and what is done about it")
struct DriftDecisionTests {
    private static let now = Date(timeIntervalSince1970: 1_739_260_800)

    private static func id(_ digit: Int) -> ObjectID {
        ObjectID(exactly: String(repeating: String(digit, radix: 16), count: 40)) ?? id(1)
    }

    private static func note(_ digit: Int, _ subject: String = "hotfix") -> CommitNote {
        CommitNote(id: id(digit), subject: subject, author: "Ada")
    }

    private static func zone(_ change: (inout DriftObservation.Branch) -> Void = { _ in }) -> DriftObservation.Branch {
        var branch = DriftObservation.Branch(name: "zone02", upstream: "production", head: id(9))
        change(&branch)
        return branch
    }

    private func decide(
        _ branch: DriftObservation.Branch, _ policy: DriftPolicy = DriftPolicy()
    ) -> DriftDecision {
        DriftDecision(DriftObservation(branches: [branch]), policy: policy, at: Self.now)
    }

    private static let hotfix = OwnCommit(note(1), paths: ["data/common.yaml"])
    private static let evil = HandMadeMerge(note(2, "Merge"), paths: ["Puppetfile"], resolvesConflict: false)

    @Test(
        "Each fact is drift of its kind, and only as long as a file tells",
        arguments: [
            (zone(), []),
            (
                zone {
                    $0.ahead = 12; $0.behind = 3
                }, []
            ),
            (zone { $0.head = nil }, [DriftFinding.Kind.missing]),
            (zone { $0.lost = [note(3)] }, [.rewound]),
            (
                zone {
                    $0.own = [hotfix]; $0.differing = ["data/common.yaml"]
                }, [.ownCommits]
            ),
            (zone { $0.own = [hotfix] }, []),
            (
                zone {
                    $0.own = [hotfix]; $0.differing = nil
                }, [.ownCommits]
            ),
            (
                zone {
                    $0.handMade = [evil]; $0.differing = ["Puppetfile"]
                }, [.evilMerge]
            ),
            (
                zone {
                    $0.handMade = [evil]; $0.differing = []
                }, []
            ),
            (zone { $0.differing = ["Puppetfile"] }, [.content]),
            (zone { $0.unsynced = [UnsyncedRevert(note(4), of: id(5))] }, [.unsyncedReverts]),
            (
                zone {
                    $0.own = [OwnCommit(note(1), paths: ["a"], takenOverBy: id(6)), OwnCommit(note(2), paths: ["b"])]
                    $0.differing = ["a", "b", "c"]
                }, [.ownCommits, .content, .takenOver]
            ),
        ])
    func kinds(_ branch: DriftObservation.Branch, _ kinds: [DriftFinding.Kind]) {
        let row = decide(branch).matrix["zone02"]
        #expect(row?.findings.map(\.kind) == kinds)
        #expect(row?.hasDrift == kinds.contains { $0 != .takenOver })
    }

    @Test("A finding says which commit, by whom, and which files")
    func words() {
        let branch = Self.zone {
            $0.own = [Self.hotfix]; $0.differing = ["data/common.yaml"]
        }
        let finding = decide(branch).matrix["zone02"]?.findings.first
        #expect(finding?.sentence == "has 1 commit of its own: 1111111111 (hotfix) by Ada")
        #expect(finding?.paths == ["data/common.yaml"] && finding?.commits == [Self.id(1)])
    }

    @Test(
        "An exception accepts what it covers, until it runs out",
        arguments: [
            ("zone02", nil, 60.0, true), ("zone*", "data", 60, true), ("zone*", "data/common.yaml", 60, true),
            ("zone*", "dat", 60, false), ("zone01", nil, 60, false), ("zone02", nil, -60, false),
            ("zone02", "Puppetfile", 60, false),
        ])
    func exceptions(_ pattern: String, _ path: String?, _ seconds: Double, _ isAccepted: Bool) {
        let exception = DriftPolicy.Exception(
            branch: pattern, path: path, reason: "INC-7", until: Self.now.addingTimeInterval(seconds))
        let branch = Self.zone {
            $0.own = [Self.hotfix]; $0.differing = ["data/common.yaml"]
        }
        let decision = decide(branch, DriftPolicy(response: .takeBack, ignore: [exception]))
        #expect(decision.matrix.driftedBranches.isEmpty == isAccepted)
        #expect(decision.actions.isEmpty == isAccepted)
        #expect(decision.matrix["zone02"]?.findings.first?.acceptance?.reason == (isAccepted ? "INC-7" : nil))
    }

    @Test("What is accepted stays accepted whatever else happens on the branch, and is never taken back")
    func acceptedAside() {
        let exception = DriftPolicy.Exception(
            branch: "zone02", path: "data/zone02.yaml", reason: "INC-7", until: Self.now.addingTimeInterval(60))
        let branch = Self.zone {
            $0.own = [
                OwnCommit(Self.note(1, "override"), paths: ["data/zone02.yaml"]),
                OwnCommit(Self.note(2, "hotfix"), paths: ["Puppetfile", "data/zone02.yaml"]),
            ]
            $0.differing = ["Puppetfile", "data/zone02.yaml"]
        }
        let decision = decide(branch, DriftPolicy(response: .takeBack, ignore: [exception]))
        let findings = decision.matrix["zone02"]?.findings ?? []
        #expect(findings.map(\.kind) == [.ownCommits, .ownCommits])
        #expect(findings.map(\.paths) == [["Puppetfile"], ["data/zone02.yaml"]])
        #expect(findings.map(\.commits) == [[Self.id(2)], [Self.id(1), Self.id(2)]])
        #expect(findings.map { $0.acceptance?.reason } == [nil, "INC-7"])
        #expect(decision.actions == [.takeBack(branch: "zone02", paths: ["Puppetfile"])])
    }

    @Test("A branch that could not be looked at is never called free of drift")
    func unchecked() {
        let blind = Self.zone { $0.gaps = ["history: there are more than 20000 commits to look at"] }
        #expect(decide(blind).matrix.uncheckedBranches == ["zone02"])
        let result = decidePlan(blind).result
        #expect(result.reason == "NotChecked")
        #expect(result.message == "no drift was found; not everything could be looked at on zone02")
        #expect(decidePlan(Self.zone()).result.message == "no branch has drifted")
    }

    @Test("The policy decides whether drift is taken back into the first stage or reverts are carried on")
    func responses() {
        let drifted = Self.zone {
            $0.own = [Self.hotfix]; $0.differing = ["data/common.yaml"]
        }
        let unsynced = Self.zone { $0.unsynced = [UnsyncedRevert(Self.note(4), of: Self.id(5))] }
        let stowaway = Self.zone {
            $0.unsynced = [UnsyncedRevert(Self.note(4), of: Self.id(5))]
            $0.isSyncHarmless = false
        }
        let takeBack = DriftDecision.Action.takeBack(branch: "zone02", paths: ["data/common.yaml"])
        #expect(decide(drifted, DriftPolicy(response: .report)).actions == [])
        #expect(decide(drifted, DriftPolicy(response: .takeBack)).actions == [takeBack])
        #expect(decide(drifted, DriftPolicy(response: .sync)).actions == [])
        #expect(decide(unsynced, DriftPolicy(response: .takeBack)).actions == [])
        let sync = DriftDecision.Action.sync(upstream: "production", branch: "zone02")
        #expect(decide(unsynced, DriftPolicy(response: .sync)).actions == [sync])
        // It would release what waits on production, without anybody's approval.
        #expect(decide(stowaway, DriftPolicy(response: .sync)).actions == [])
    }

    private func decidePlan(
        _ branch: DriftObservation.Branch, isThere: Bool = false, requests: [WatchedBranches.Request] = [],
        answered: [String: String] = [:]
    ) -> Plan<DriftAction> {
        DriftPlan.decide(
            WatchedBranches(
                policy: DriftPolicy(response: .takeBack), stages: ["uat", "production"],
                observation: DriftObservation(branches: [branch]),
                heads: ["uat": Self.id(7), "production": Self.id(8), "zone02": Self.id(9)],
                takeBacks: ["zone02": TakeBack(change: Self.id(4), tree: Self.id(5), isThere: isThere)],
                requests: requests, answered: answered, time: Self.now))
    }

    private func plan(
        _ branch: DriftObservation.Branch, isThere: Bool = false, requests: [WatchedBranches.Request] = [],
        answered: [String: String] = [:]
    ) -> [DriftAction] {
        decidePlan(branch, isThere: isThere, requests: requests, answered: answered).actions
    }

    @Test("Drift is answered once: what somebody closed is not opened again, and what is over is withdrawn")
    func answeredOnce() {
        let drifted = Self.zone {
            $0.own = [Self.hotfix]; $0.differing = ["data/common.yaml"]
        }
        let open = DriftAction.takeBack(
            branch: "zone02", head: Self.id(9), into: "uat", at: Self.id(7), paths: ["data/common.yaml"],
            change: Self.id(4))
        #expect(plan(drifted) == [open])
        #expect(open.branchName.description == "takeback_zone02_44444444")
        #expect(plan(drifted, answered: ["zone02": "takeback_zone02_44444444"]) == [])
        #expect(plan(drifted, answered: ["zone02": "takeback_zone02_88888888"]) == [open])
        let old = DriftBranchName(.takeBack, about: "zone02", at: Self.id(8))
        func request(_ name: DriftBranchName, isOurs: Bool = true) -> WatchedBranches.Request {
            .init(name: name, head: Self.id(3), isOurs: isOurs)
        }
        #expect(plan(drifted, requests: [request(old)]) == [.withdraw(old, head: Self.id(3)), open])
        #expect(plan(Self.zone(), requests: [request(old)]) == [.withdraw(old, head: Self.id(3))])
        #expect(plan(drifted, requests: [request(open.branchName)]) == [open])
        // The stage has it: there would be nothing to merge.
        #expect(plan(drifted, isThere: true, requests: [request(old)]) == [.withdraw(old, head: Self.id(3))])
    }

    @Test("What somebody added to one of the branches about drift is left alone, and said")
    func foreign() {
        let name = DriftBranchName(.takeBack, about: "zone02", at: Self.id(8))
        let plan = decidePlan(Self.zone(), requests: [.init(name: name, head: Self.id(3), isOurs: false)])
        #expect(plan.actions.isEmpty)
        #expect(plan.result.message.hasSuffix("it holds somebody's commits: takeback_zone02_88888888"))
    }

    @Test(
        "The names of short-lived branches are read back",
        arguments: [
            ("takeback_zone02_1a2b3c4d", "zone02"), ("driftsync_zone_02_1a2b3c4d", "zone_02"),
            ("takeback_zone02", nil), ("takeback__1a2b3c4d", nil), ("takeback_zone02_1a2b3c4g", nil),
            ("takeback_zone02_1a2b3c4d5", nil), ("zone02_1a2b3c4d", nil), ("promo_x_zone02", nil),
        ])
    func names(_ text: String, _ about: String?) {
        let name = DriftBranchName(text)
        #expect(name?.about == about)
        #expect(name.map(\.description) ?? text == text)
    }

    @Test("The status remembers what the next look needs")
    func status() throws {
        var seen = WatchedBranches(
            policy: DriftPolicy(response: .takeBack), stages: ["uat", "production"],
            observation: DriftObservation(branches: [
                Self.zone {
                    $0.handMade = [Self.evil]; $0.differing = ["Puppetfile"]
                }
            ]), heads: [:], time: Self.now)
        let first = DriftStatus(seen, answered: ["zone02": "takeback_zone02_99999999", "gone": "x"])
        #expect(try DriftStatus(JSONValue(encoding: first)) == first)
        #expect(first.answered == ["zone02": "takeback_zone02_99999999"])
        #expect(first.whole["zone02"] == Self.id(9))
        #expect(first.news(since: nil)?.hasPrefix("zone02: the merge 2222222222 (Merge) holds what") == true)
        #expect(first.news(since: first) == nil)
        // What was lost is looked for until it is back.
        seen.before = first.whole
        seen.observation = DriftObservation(branches: [
            Self.zone {
                $0.head = Self.id(6); $0.lost = [Self.note(3)]
                $0.hasLostReleases = true
            }
        ])
        let second = DriftStatus(seen, answered: [:])
        #expect(second.whole["zone02"] == Self.id(9))
        seen.observation = DriftObservation(branches: [Self.zone { $0.head = Self.id(6) }])
        let third = DriftStatus(seen, answered: [:])
        #expect(third.whole["zone02"] == Self.id(6))
        #expect(third.news(since: second) == "no drift any more on zone02")
        // What nobody can tell is not forgotten either.
        seen.observation = DriftObservation(branches: [
            Self.zone {
                $0.head = Self.id(6); $0.lost = [Self.note(9, "")]
                $0.isLossUnknown = true
            }
        ])
        #expect(DriftStatus(seen, answered: [:]).whole["zone02"] == Self.id(9))
        // Drift that comes again is asked about again.
        #expect(DriftStatus(seen, answered: ["zone02": "takeback_zone02_99999999"]).answered.isEmpty)
    }

    @Test("What is new on a branch that has drift already is told, once, and what ends on a part of it is not")
    func newDriftBesideOld() {
        func status(_ change: (inout DriftObservation.Branch) -> Void) -> DriftStatus {
            let observation = DriftObservation(branches: [Self.zone(change)])
            return DriftStatus(
                WatchedBranches(
                    policy: DriftPolicy(), stages: ["uat", "production"], observation: observation, heads: [:],
                    time: Self.now), answered: [:])
        }
        let one = status {
            $0.own = [Self.hotfix]; $0.differing = ["data/common.yaml"]
        }
        let two = status {
            $0.own = [OwnCommit(Self.note(2, "another"), paths: ["Puppetfile"]), Self.hotfix]
            $0.differing = ["Puppetfile", "data/common.yaml"]
        }
        #expect(two.news(since: one) == "zone02: has 2 commits of its own: 2222222222 (another) by Ada")
        #expect(two.news(since: two) == nil)
        #expect(one.news(since: two) == nil)
        let evil = status {
            $0.own = [Self.hotfix]; $0.handMade = [Self.evil]; $0.differing = ["Puppetfile", "data/common.yaml"]
        }
        #expect(evil.news(since: one)?.hasPrefix("zone02: the merge 2222222222 (Merge) holds what") == true)
        // Without commits the files tell it from what was there.
        let file = status { $0.differing = ["data/a.yaml"] }
        let files = status { $0.differing = ["data/a.yaml", "data/b.yaml"] }
        #expect(files.news(since: file) == "zone02: 2 files not as releases made them: data/a.yaml")
        #expect(file.news(since: files) == nil)
        let gone = status { $0.head = nil }
        #expect(gone.news(since: one) == "zone02: there is no branch zone02")
        #expect(gone.news(since: gone) == nil)
    }
}
