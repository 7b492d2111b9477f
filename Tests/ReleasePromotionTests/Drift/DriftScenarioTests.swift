import DesiredState
import Forges
import Foundation
import GitClient
import Logging
import NIOConcurrencyHelpers
import Reconciliation
import StateStore
import StateStoreSupport
import Testing

@testable import ReleasePromotion

/// Looking for drift in the world of releases.
extension ReleaseWorld {
    static let driftKey = ResourceKey(kind: ResourceKind.controlRepository.rawValue, name: name)

    /// The same world under another policy.
    func watching(_ policy: DriftPolicy, zones: ZoneSelection? = nil) -> ReleaseWorld {
        let watched = ControlRepositorySpec(
            forge: rules.forge, project: rules.project, stages: rules.stages, zones: zones ?? rules.zones,
            rollback: rules.rollback, windows: rules.windows, drift: policy)
        return ReleaseWorld(
            store: store, forge: forge, mirror: mirror, rules: watched, time: time, interference: interference)
    }

    /// Has the controller look at all branches, and says what it found.
    @discardableResult
    func look(failpoints: any Failpoints = NoFailpoints(), worker: String = "drift") async throws -> DriftStatus {
        try await store.resources.store([
            DesiredResource(Self.driftKey, spec: ResourceSpec.controlRepository(rules).json)
        ])
        try await store.queue.enqueue(EnqueueRequest(Self.driftKey, lane: .observe, reason: "test"))
        let configuration = EngineConfiguration.patient(worker: worker)
        let time = time
        let engine = Engine(
            store: store, reconcilers: [DriftReconciler(directory: self) { time.withLockedValue(\.self) }],
            configuration: configuration, failpoints: failpoints,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await engine.drain(limit: 3)
        let stored = try await store.resources.get(Self.driftKey)
        return try #require(
            DriftStatus(stored?.status), "\(stored?.conditions[.ready]?.message ?? "there is no status")")
    }

    /// The same world as a replica sees it that has never had a commit.
    func losing(_ commit: ObjectID) async throws -> ReleaseWorld {
        try FileManager.default.removeItem(
            atPath: "\(mirror.path)/objects/\(commit.hex.prefix(2))/\(commit.hex.dropFirst(2))")
        return ReleaseWorld(
            store: store, forge: forge, mirror: try await GitMirror.open(mirror.path), rules: rules, time: time,
            interference: interference)
    }

    /// The drift that was found on a branch: by kind, the files.
    func drift(_ branch: String) async throws -> [DriftFinding.Kind: [String]] {
        let row = try await look().branches.first { $0.branch == branch }
        return Dictionary((row?.findings ?? []).map { ($0.kind, $0.paths) }) { first, _ in first }
    }

    /// The merge requests that are open into a branch from those about drift.
    func driftRequests() async throws -> [String] {
        try await mirror.references(under: "refs/heads/").targets.keys.compactMap(\.branchName)
            .filter { DriftBranchName($0) != nil }.sorted()
    }
}

@Suite("Drift is seen")
struct DriftScenarioTests {
    @Test("What was seen of a branch at the first look serves for those to come, while it stands there")
    func remembered() throws {
        let (head, old) = (
            try ObjectID(String(repeating: "1", count: 40)), try ObjectID(String(repeating: "2", count: 40))
        )
        let line = DriftLine(branch: "zone01", upstream: "production", downstream: nil)
        func key(_ before: ObjectID?) -> DriftSightings.Key {
            DriftSightings.Key(line, heads: ["zone01": head, "production": old], before: before)
        }
        #expect(key(nil) == key(head))
        #expect(key(old) != key(head), "what it lost is still to be found")
        #expect(key(old).settled == key(head))
    }

    private static let zones = ["zone01", "zone02", "zone03", "zone04"]
    private static let hotfix = ["data/common.yaml": "---\nntp::servers:\n  - 198.51.100.7\n"]

    private func releaseEverywhere(
        _ name: String, _ pin: String, zones: [String] = Self.zones, in world: ReleaseWorld
    ) async throws {
        try await world.pin(Puppetfile.edge, to: pin, on: name)
        let status = try await world.release(name, batches: [zones])
        #expect(status.steps.allSatisfy { $0.state == .succeeded })
    }

    @Test("What releases do to branches is no drift")
    func releases() async throws {
        try await ReleaseWorld.with(zones: Self.zones) { world in
            let oracle = try Oracle.read()
            try await releaseEverywhere("rel1", Pin.pC5, in: world)
            let status = try await world.look()
            #expect(status.drifted == [] && status.branches.allSatisfy { $0.findings.isEmpty && $0.gaps.isEmpty })
            for zone in Self.zones {
                let row = status.branches.first { $0.branch == zone }
                #expect(try String(row?.ahead ?? 0) == oracle["iv", "no_drift", "ahead"])
            }
            // Behind is no drift either: the release has not come yet.
            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "rel2")
            try await world.release("rel2", to: .stage("production"), batches: [Self.zones])
            #expect(try await world.look().drifted == [])
        }
    }

    @Test("A hotfix in another file survives promotions, and is no drift once it is taken over and promoted")
    func otherFile() async throws {
        try await ReleaseWorld.with(zones: Self.zones) { world in
            let oracle = try Oracle.read()
            try await releaseEverywhere("rel1", Pin.pC5, in: world)
            let hotfix = try await world.commit(Self.hotfix, on: "zone02", message: "hotfix: ntp server on zone02")
            let seen = try await world.look()
            #expect(seen.drifted == ["zone02"])
            let finding = try #require(seen.branches.first { $0.branch == "zone02" }?.findings.first)
            #expect(finding.kind == .ownCommits && finding.commits == [hotfix])
            #expect(try String(finding.commits.count) == oracle["iv", "drift_other_file", "commits"])
            #expect(try finding.paths == [oracle["iv", "drift_other_file", "paths"]])

            try await releaseEverywhere("rel2", Pin.p2C, in: world)
            #expect(try oracle["iv", "drift_after_promotion", "tree_equal_production"] == "no")
            #expect(try await world.drift("zone02") == [.ownCommits: ["data/common.yaml"]])
            #expect(try await world.look().drifted == ["zone02"])

            // Taken over: the same change, by another commit, on its way.
            try await world.commit(Self.hotfix, on: "uat", message: "Take the hotfix over")
            try await world.merge(try await world.head("uat"), into: "production")
            #expect(try oracle["iv", "drift_absorbed", "cherry"] == "-")
            #expect(try await world.drift("zone02") == [.takenOver: ["data/common.yaml"]])
            #expect(try await world.look().drifted == [])
            try await world.merge(try await world.head("production"), into: "zone02")
            #expect(try await world.tree("zone02") == world.tree("production"))
            #expect(try await world.drift("zone02") == [:])
        }
    }

    @Test("A hotfix of the pin that is released next is seen before it conflicts, and over once it is reverted")
    func samePin() async throws {
        try await ReleaseWorld.with(zones: Self.zones) { world in
            try await releaseEverywhere("rel1", Pin.pC5, in: world)
            let hotfix = try await world.pin(Puppetfile.edge, to: Pin.hot, on: "zone02", message: "hotfix: pin edge")
            #expect(try await world.drift("zone02") == [.ownCommits: ["Puppetfile"]])
            try await world.revert(hotfix, on: "zone02")
            #expect(try await world.drift("zone02") == [:])
            #expect(try await world.look().drifted == [])
            try await releaseEverywhere("rel2", Pin.p09, in: world)
            #expect(try await world.look().drifted == [])
        }
    }

    @Test("A merge with something slipped in is seen, though no list of commits shows it")
    func evilMerge() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { world in
            let oracle = try Oracle.read()
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: [["zone01", "zone02"]])
            try await world.look()
            try await world.pin(Puppetfile.common, to: Pin.p09, on: "rel2")
            try await world.release("rel2", to: .stage("production"), batches: [["zone01", "zone02"]])
            let production = try await world.head("production")
            var file = Puppetfile()
            file.pins = [Puppetfile.edge: Pin.hot, Puppetfile.common: Pin.p09]
            let tree = try await world.mirror.makeTree(
                try await world.tree("production"), changing: ["Puppetfile": Array(file.text.utf8)])
            let merge = try await world.merge(production, into: "zone01", tree: tree)
            try await world.merge(production, into: "zone02")
            let status = try await world.look()
            #expect(try oracle["xi", "evil_merge", "recompute_differs"] == "yes")
            #expect(status.drifted == ["zone01"])
            let findings = status.branches.first { $0.branch == "zone01" }?.findings ?? []
            #expect(findings.map(\.kind) == [.evilMerge] && findings.first?.commits == [merge])
            #expect(findings.first?.paths == ["Puppetfile"])
            // It stays until the file is as it should be.
            #expect(try await world.look().drifted == ["zone01"])
            file.pins[Puppetfile.edge] = Pin.pC5
            try await world.commit(["Puppetfile": file.text], on: "zone01", message: "As released")
            #expect(try await world.look().drifted == [])
        }
    }

    @Test("A branch that was set back looks as if it were behind, and is not: what it had is remembered")
    func rewound() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { world in
            let oracle = try Oracle.read()
            let root = try await world.head("zone02")
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: [["zone01", "zone02"]])
            #expect(try await world.look().drifted == [])
            try await world.force("zone02", to: root)
            #expect(try oracle["xi", "rewound", "recorded_head_is_ancestor"] == "no")
            let seen = try await world.look()
            #expect(seen.drifted == ["zone02"])
            let row = try #require(seen.branches.first { $0.branch == "zone02" })
            #expect(row.findings.map(\.kind) == [.rewound])
            #expect(try String(row.ahead) == oracle["xi", "rewound", "ahead"])
            #expect(try await world.look().drifted == ["zone02"])
            // A promotion brings everything back.
            try await world.merge(try await world.head("production"), into: "zone02")
            #expect(try oracle["xi", "rewound_promoted", "tree_equal"] == "yes")
            #expect(try await world.look().drifted == [])
        }
    }

    @Test("A hotfix that was pushed away is said once: nothing of a release is missing")
    func pushedAway() async throws {
        try await ReleaseWorld.with(zones: ["zone02"]) { world in
            let before = try await world.head("zone02")
            try await world.commit(Self.hotfix, on: "zone02", message: "hotfix")
            #expect(try await world.look().drifted == ["zone02"])
            try await world.force("zone02", to: before)
            #expect(try await world.drift("zone02") == [.rewound: []])
            #expect(try await world.look().drifted == [])
        }
    }

    /// A release everywhere, then zone02 is pushed over, and where it stood is not to be had any more.
    private func pushedOver(_ body: @Sendable (ReleaseWorld) async throws -> Void) async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { plain in
            let root = try await plain.head("zone02")
            try await releaseEverywhere("rel1", Pin.pC5, zones: ["zone01", "zone02"], in: plain)
            #expect(try await plain.look().drifted == [])
            let lost = try await plain.head("zone02")
            try await plain.force("zone02", to: root)
            let world = try await plain.losing(lost)
            // Nobody forgets it, however often it is looked at.
            for _ in 0..<3 { #expect(try await world.drift("zone02") == [.rewound: []]) }
            let row = try await world.look().branches.first { $0.branch == "zone02" }
            #expect(row?.findings.first?.commits == [lost])
            try await body(world)
        }
    }

    @Test("What a replica without the old commits cannot tell is missed until the branch has all of its upstream")
    func pushedOverAndReleased() async throws {
        try await pushedOver { world in
            try await world.merge(try await world.head("production"), into: "zone02")
            try await world.look()
            #expect(try await world.look().drifted == [])
            #expect(try await world.drift("zone02") == [:])
        }
    }

    @Test("What a replica without the old commits cannot tell is missed until somebody accepts it")
    func pushedOverAndAccepted() async throws {
        try await pushedOver { world in
            let exception = DriftPolicy.Exception(
                branch: "zone02", path: nil, reason: "made anew", until: world.now.addingTimeInterval(60))
            let accepted = try await world.watching(DriftPolicy(ignore: [exception])).look()
            #expect(accepted.drifted == [])
            #expect(try await world.drift("zone02") == [:])
        }
    }

    @Test("A release that was pushed away from the first stage alone is missed until it is back")
    func pushedAwayFromFirstStage() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            let before = try await world.head("uat")
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", to: .stage("uat"), batches: [["zone01"]])
            #expect(try await world.look().drifted == [])
            try await world.force("uat", to: before)
            for _ in 0..<3 { #expect(try await world.look().drifted == ["uat"]) }
            #expect(try await world.drift("uat").keys.sorted { $0.rawValue < $1.rawValue } == [.rewound])
            try await world.merge(try await world.head("rel1"), into: "uat")
            #expect(try await world.look().drifted == [])
        }
    }

    @Test("What was taken back before it was pushed away is missed by nobody")
    func takenBackAndPushedAway() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            let before = try await world.head("uat")
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            for target in [ReleaseTarget.stage("uat"), .rolledBack] {
                try await world.release("rel1", to: target, batches: [["zone01"]])
            }
            try await world.look()
            try await world.force("uat", to: before)
            #expect(try await world.look().drifted == ["uat"])
            #expect(try await world.look().drifted == [])
        }
    }

    @Test("A push to the first stage itself is drift until it is undone or has gone on by a release")
    func pushToFirstStage() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.common, to: Pin.p09, on: "rel1")
            try await world.release("rel1", to: .stage("uat"), batches: [["zone01"]])
            let pushed = try await world.commit(Self.hotfix, on: "uat", message: "quick fix")
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel2")
            try await world.merge(try await world.head("rel2"), into: "uat")
            let row = try #require(try await world.look().branches.first { $0.branch == "uat" })
            #expect(row.findings.map(\.kind) == [.ownCommits] && row.findings.first?.commits == [pushed])
            #expect(row.findings.first?.paths == ["data/common.yaml"] && row.gaps.isEmpty)
            try await world.commit(
                ["data/common.yaml": "---\nntp::servers:\n  - 192.0.2.1\n"], on: "uat", message: "as it was")
            #expect(try await world.look().drifted == [])
            try await world.commit(Self.hotfix, on: "uat", message: "quick fix again")
            #expect(try await world.look().drifted == ["uat"])
            try await world.merge(try await world.head("uat"), into: "production")
            #expect(try await world.look().drifted == [])
        }
    }

    @Test("A branch that cannot be compared is not called free of drift")
    func uncompared() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.delete("production")
            let status = try await world.look()
            #expect(status.drifted == ["production"])
            let gap = "history: there is no branch production to compare it with"
            #expect(status.branches.filter { $0.gaps == [gap] }.map(\.branch) == ["uat", "zone01"])
        }
    }

    @Test("A zone of a pattern that somebody deletes is missing until it is back or said to be no zone")
    func deletedZone() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { world in
            #expect(try await world.look().drifted == [])
            let head = try await world.head("zone02")
            try await world.delete("zone02")
            for _ in 0..<2 { #expect(try await world.drift("zone02") == [.missing: []]) }
            try await world.mirror.update([ReferenceUpdate(try .branch("zone02"), from: nil, to: head)])
            #expect(try await world.look().drifted == [])
            try await world.delete("zone02")
            #expect(try await world.look().drifted == ["zone02"])
            let without = ZoneSelection(patterns: ["zone*"], exclude: ["zone02"])
            #expect(
                try await world.watching(DriftPolicy(), zones: without).look().branches.map(\.branch) == [
                    "uat", "production", "zone01",
                ])
        }
    }

    @Test("A branch that is gone is missing when it is named, and unknown when nobody has seen it")
    func missing() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            let named = ControlRepositorySpec(
                forge: "local", project: ReleaseWorld.project, stages: ["uat", "production"],
                zones: ZoneSelection(branches: ["zone01", "zone09"]))
            let lines = DriftLine.lines(of: named, among: ["uat", "production", "zone01", "main"])
            #expect(lines.map(\.branch) == ["uat", "production", "zone01", "zone09"])
            #expect(lines.map(\.upstream) == [nil, "uat", "production", "production"])
            let seen = try await world.mirror.speculate { trial in
                try DriftObserver(trial).look(at: lines[3], heads: [:], before: nil)
            }
            #expect(DriftFindings(seen).all.map(\.kind) == [.missing])
            #expect(try await world.look().branches.map(\.branch) == ["uat", "production", "zone01"])
        }
    }

    @Test("Taking a release back is no drift, by either style", arguments: RollbackStyle.allCases)
    func rollback(_ style: RollbackStyle) async throws {
        try await ReleaseWorld.with(zones: Self.zones, rollback: style) { world in
            let batches = [["zone01", "zone02"], ["zone03", "zone04"]]
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", to: .batch(1), batches: batches)
            try await world.release("rel1", to: .rolledBack, batches: batches)
            #expect(try await world.look().drifted == [])
            try await releaseEverywhere("rel2", Pin.pC5, in: world)
            #expect(try await world.look().drifted == [])
        }
    }

    @Test("A release that somebody reverts by hand on one zone is drift there until the last stage takes it back too")
    func revertedByHand() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { world in
            try await releaseEverywhere("rel1", Pin.pC5, zones: ["zone01", "zone02"], in: world)
            let revert = try await world.revert(try await world.head("zone02"), mainline: 1, on: "zone02")
            let seen = try await world.look()
            #expect(seen.drifted == ["zone02"])
            let findings = seen.branches.first { $0.branch == "zone02" }?.findings ?? []
            #expect(findings.map(\.kind) == [.ownCommits] && findings.first?.commits == [revert])
            #expect(findings.first?.paths == ["Puppetfile"])
            try await world.revert(try await world.head("production"), mainline: 1, on: "production")
            #expect(try await world.drift("production") == [.ownCommits: ["Puppetfile"]])
            #expect(try await world.drift("zone02") == [.unsyncedReverts: []])
        }
    }

    @Test("The same release reverted again after it came anew is drift, though the last stage reverted it once")
    func revertedAgain() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.commit(["data/zone01.yaml": "a: 1\n"], on: "zone01", message: "override")
            try await releaseEverywhere("rel1", Pin.pC5, zones: ["zone01"], in: world)
            for branch in ["production", "uat"] {
                try await world.revert(try await world.head(branch), mainline: 1, on: branch)
            }
            for (source, target) in [("uat", "production"), ("production", "zone01")] {
                try await world.merge(try await world.head(source), into: target)
            }
            try await releaseEverywhere("rel2", Pin.pC5, zones: ["zone01"], in: world)
            #expect(try await world.drift("zone01") == [.ownCommits: ["data/zone01.yaml"]])
            try await world.revert(try await world.head("zone01"), mainline: 1, on: "zone01")
            #expect(try await world.drift("zone01") == [.ownCommits: ["Puppetfile", "data/zone01.yaml"]])
        }
    }

    @Test("A release that somebody reverts on the first stage is drift once the next stage has it, and not before")
    func revertedOnFirstStage() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", to: .stage("uat"), batches: [["zone01"]])
            try await world.revert(try await world.head("uat"), mainline: 1, on: "uat")
            #expect(try await world.look().drifted == [])
            try await releaseEverywhere("rel2", Pin.p2C, zones: ["zone01"], in: world)
            #expect(try await world.look().drifted == [])
            let revert = try await world.revert(try await world.head("uat"), mainline: 1, on: "uat")
            let seen = try await world.look()
            #expect(seen.drifted == ["uat"])
            #expect(seen.branches.first { $0.branch == "uat" }?.findings.map(\.commits) == [[revert]])
        }
    }

    @Test("Reverts that were made on each branch and never merged on are seen, and carried on when the policy says so")
    func unsynced() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", to: .stage("production"), batches: [["zone01"], ["zone02"]])
            for branch in ["production", "uat"] {
                try await world.revert(try await world.head(branch), mainline: 1, on: branch)
            }
            let seen = try await world.look()
            #expect(seen.drifted == ["production"])
            #expect(try await world.drift("production").keys.sorted { $0.rawValue < $1.rawValue } == [.unsyncedReverts])
            let syncing = world.watching(DriftPolicy(response: .sync))
            try await syncing.look()
            let requests = try await world.driftRequests()
            #expect(requests.count == 1 && requests.first?.hasPrefix("driftsync_production_") == true)
            let source = try #require(requests.first)
            try await world.merge(try await world.head(source), into: "production")
            #expect(try await syncing.look().drifted == [])
            #expect(try await world.driftRequests() == [])
        }
    }

    @Test("A sync that would release what waits is not opened")
    func stowaway() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", to: .stage("production"), batches: [["zone01"]])
            for branch in ["production", "uat"] {
                try await world.revert(try await world.head(branch), mainline: 1, on: branch)
            }
            try await world.commit(Self.hotfix, on: "rel2", message: "Another release, not approved yet")
            try await world.merge(try await world.head("rel2"), into: "uat")
            let syncing = world.watching(DriftPolicy(response: .sync))
            #expect(try await syncing.look().drifted == ["production"])
            #expect(try await world.driftRequests() == [])
        }
    }

    @Test("Drift is taken back into the first stage once, and not again when somebody closes the request")
    func takenBack() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { plain in
            let world = plain.watching(DriftPolicy(response: .takeBack))
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: [["zone01", "zone02"]])
            try await world.commit(Self.hotfix, on: "zone02", message: "hotfix: ntp server on zone02")
            try await world.look()
            let source = try #require(try await world.driftRequests().first)
            #expect(source.hasPrefix("takeback_zone02_"))
            let open = try await world.forge.openMergeRequests(
                from: .branch(source), into: .branch("uat"), project: .init(ReleaseWorld.project))
            #expect(open.map(\.title) == ["Take the drift of zone02 back"])
            let head = try await world.head(source)
            #expect(try await world.mirror.commit(head).parents == [world.head("uat")])
            let changes = try await world.mirror.changes(from: world.head("uat"), to: head)
            #expect(changes.map(\.path) == ["data/common.yaml"])
            try await world.look()
            #expect(try await world.driftRequests() == [source])
            // Somebody says no.
            let request = try #require(open.first)
            _ = try await world.forge.close(
                request.id, expecting: request.head, project: .init(ReleaseWorld.project))
            try await world.delete(source)
            #expect(try await world.look().drifted == ["zone02"])
            #expect(try await world.driftRequests() == [])
            // No is no, also when a release has moved the branch on.
            try await releaseEverywhere("rel2", Pin.p2C, zones: ["zone01", "zone02"], in: world)
            #expect(try await world.look().drifted == ["zone02"])
            #expect(try await world.driftRequests() == [])
        }
    }

    @Test("The request stays the same while releases move the branch on, and goes once the stage has the change")
    func sameRequest() async throws {
        try await ReleaseWorld.with(zones: ["zone02"]) { plain in
            let world = plain.watching(DriftPolicy(response: .takeBack))
            try await world.commit(Self.hotfix, on: "zone02", message: "hotfix")
            try await world.look()
            let requests = try await world.driftRequests()
            #expect(requests.count == 1)
            try await releaseEverywhere("rel1", Pin.pC5, zones: ["zone02"], in: world)
            try await world.look()
            #expect(try await world.driftRequests() == requests)
            try await world.merge(try await world.head(try #require(requests.first)), into: "uat")
            #expect(try await world.look().drifted == ["zone02"])
            #expect(try await world.driftRequests() == [])
            #expect(try await world.look().drifted == ["zone02"])
            #expect(try await world.driftRequests() == [])
        }
    }

    @Test("What is accepted on a zone is never released to all by way of another zone's hotfix")
    func acceptedIsNotTakenBack() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { plain in
            let exception = DriftPolicy.Exception(
                branch: "zone02", path: "data/zone02.yaml", reason: "until June",
                until: plain.now.addingTimeInterval(86_400))
            let world = plain.watching(DriftPolicy(response: .takeBack, ignore: [exception]))
            try await world.commit(["data/zone02.yaml": "a: 1\n", "data/x": "x"], on: "zone02", message: "override")
            try await world.commit(
                ["data/common.yaml": nil, "data/x": nil, "data/y": "y"], on: "zone02", message: "hotfix")
            #expect(try await world.look().drifted == ["zone02"])
            let source = try #require(try await world.driftRequests().first)
            let changes = try await world.mirror.changes(from: world.head("uat"), to: world.head(source))
            #expect(changes.map(\.path) == ["data/common.yaml", "data/y"])
            #expect(changes.map(\.status) == [.deleted, .added])
        }
    }

    @Test("What a reviewer pushes to such a branch is not deleted")
    func corrected() async throws {
        try await ReleaseWorld.with(zones: ["zone02"]) { plain in
            let world = plain.watching(DriftPolicy(response: .takeBack))
            let hotfix = try await world.commit(Self.hotfix, on: "zone02", message: "hotfix")
            try await world.look()
            let source = try #require(try await world.driftRequests().first)
            try await world.commit(["README": "better"], on: source, message: "A correction")
            try await world.commit(
                ["data/common.yaml": "---\nntp::servers:\n  - 192.0.2.1\n"], on: "zone02", message: "Undo \(hotfix)")
            try await world.look()
            #expect(try await world.driftRequests() == [source])
            let stored = try await world.store.resources.get(ReleaseWorld.driftKey)
            #expect(stored?.conditions[.ready]?.message.contains(source) == true)
        }
    }

    @Test("What is not drift any more is withdrawn")
    func withdrawn() async throws {
        try await ReleaseWorld.with(zones: ["zone02"]) { plain in
            let world = plain.watching(DriftPolicy(response: .takeBack))
            let hotfix = try await world.commit(Self.hotfix, on: "zone02", message: "hotfix")
            try await world.look()
            #expect(try await world.driftRequests().count == 1)
            try await world.commit(
                ["data/common.yaml": "---\nntp::servers:\n  - 192.0.2.1\n"], on: "zone02", message: "Undo \(hotfix)")
            #expect(try await world.look().drifted == [])
            #expect(try await world.driftRequests() == [])
        }
    }

    @Test(
        "A controller that dies while it opens a merge request leaves one for the next to finish",
        arguments: ["before:drift.take-back", "after:branch.push", "after:drift.take-back"])
    func dies(at point: String) async throws {
        try await ReleaseWorld.with(zones: ["zone02"]) { plain in
            let world = plain.watching(DriftPolicy(response: .takeBack))
            try await world.commit(Self.hotfix, on: "zone02", message: "hotfix")
            let crash = ScriptedFailpoints(crashAt: point)
            _ = try? await world.look(failpoints: crash, worker: "mortal")
            #expect(crash.trace.contains(point), "\(crash.trace)")
            try await world.store.queue.expireLeases(heldBy: "mortal")
            try await world.look(worker: "heir")
            let source = try #require(try await world.driftRequests().first)
            #expect(try await world.driftRequests().count == 1)
            let open = try await world.forge.openMergeRequests(
                from: .branch(source), into: .branch("uat"), project: .init(ReleaseWorld.project))
            #expect(open.count == 1)
        }
    }
}
