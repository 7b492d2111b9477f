import DesiredState
import Foundation
import GitClient
import Testing

@testable import ReleasePromotion

@Suite("Proof of arrival")
struct ArrivalTests {
    private static let expected = ObjectID(exactly: String(repeating: "a", count: 40))
    private static let other = ObjectID(exactly: String(repeating: "b", count: 40))

    @Test(
        "A record is r10k's when it is JSON with a commit as its signature, and is believed unless it calls itself failed",
        arguments: [
            (#"{"signature": "SHA"}"#, true), (#"{"signature": "SHA", "deploy_success": true}"#, true),
            (#"{"signature": "SHA", "deploy_success": false}"#, false),
            (#"{"signature": "SHA", "deploy_success": "no"}"#, true),
            (#"{"signature": "SHA", "signature": "SHA", "name": null, "module_deploys": []}"#, true),
            (#"{"signature": "a1"}"#, nil), (#"{"signature": "-SHA"}"#, nil), (#"{"signature": null}"#, nil),
            (#"{"signature": "r1234"}"#, nil), (#"{"name": "SHA"}"#, nil), (#"["SHA"]"#, nil), ("SHA", nil), ("", nil),
            ("<html>502</html>", nil), (String(repeating: "[", count: 100_000), nil),
        ] as [(String, Bool?)])
    func record(_ text: String, _ isSuccess: Bool?) throws {
        let commit = try #require(Self.expected)
        let record = DeployRecord(Array(text.replacing("SHA", with: commit.hex).utf8))
        #expect(record == isSuccess.map { DeployRecord(commit: commit, isSuccess: $0) })
    }

    @Test("A record that is too large, or no text, is none")
    func hostile() throws {
        let commit = try #require(Self.expected)
        let padding = String(repeating: " ", count: DeployRecord.limit)
        #expect(DeployRecord(Array("{\"signature\": \"\(commit.hex)\"}\(padding)".utf8)) == nil)
        #expect(DeployRecord([0xFF, 0xFE, 0x7B]) == nil)
    }

    @Test("What is expected has arrived when the deployed commit contains it; until then it is awaited, then overdue")
    func judgement() throws {
        let (expected, other) = (try #require(Self.expected), try #require(Self.other))
        let since = Date(timeIntervalSince1970: 1000)
        func standing(
            _ reading: RecordReading, _ contains: Bool?, after seconds: Double = 0
        ) -> Arrival.Standing {
            Arrival(
                of: ExpectedDeploy(expected, since: since), in: reading, contains: contains, within: .seconds(60),
                at: since.addingTimeInterval(seconds)
            ).standing
        }
        let (exact, later) = (DeployRecord(commit: expected), DeployRecord(commit: other))
        #expect(standing(.found(exact), true, after: 900) == .arrived(expected))
        #expect(standing(.found(later), true, after: 900) == .arrived(other))
        #expect(standing(.found(later), false) == .awaited("bbbbbbbbbb is deployed, which is without it"))
        #expect(standing(.found(later), nil) == .awaited("bbbbbbbbbb is deployed, which the repository does not have"))
        #expect(
            standing(.found(DeployRecord(commit: expected, isSuccess: false)), true)
                == .awaited("r10k calls its deploy of aaaaaaaaaa failed"))
        #expect(standing(.nothing("no"), nil, after: 59) == .awaited("no"))
        #expect(standing(.nothing("no"), nil, after: 60) == .overdue("no"))
        #expect(standing(.found(later), false, after: 60) == .overdue("bbbbbbbbbb is deployed, which is without it"))
    }

    @Test("What was merged but is not deployed is no success, and what is overdue is a failure; so it is with reverts")
    func states() throws {
        let (waiting, late) = (Arrival.Standing.awaited(""), Arrival.Standing.overdue(""))
        let there = Arrival.Standing.arrived(try #require(Self.expected))
        func state(_ results: [TargetResult], _ arrivals: [Arrival.Standing], back: Bool = false) -> BatchState {
            BatchState(results, arrivals: arrivals, isAsked: false, isTakenBack: back)
        }
        #expect(state([.merged, .merged], [there, waiting]) == .releasing)
        #expect(state([.merged, .merged], [late, waiting]) == .failed)
        #expect(state([.merged, .merged], [there]) == .succeeded)
        #expect(state([.merged, .waiting], [there]) == .releasing)
        #expect(state([.reverted], [waiting], back: true) == .rollingBack)
        #expect(state([.reverted], [late], back: true) == .rollbackFailed)
        #expect(state([.reverted], [there], back: true) == .rolledBack)
        #expect(state([.reverted, .merged], [late], back: true) == .rollingBack)
    }
}

@Suite("A release is proved to arrive")
struct ArrivalStoryTests {
    private static let batches = [["zone01"], ["zone02"]]
    private static let place = ArrivalProof.Place.file("/srv/zone01.json")
    /// The time by which the forge dates its merges.
    private static let merged = Date(timeIntervalSince1970: 1_739_300_000)

    private static func with(
        _ style: RollbackStyle = .sharedRevert,
        _ body: @Sendable (ReleaseWorld, ScriptedRecords) async throws -> Void
    ) async throws {
        try await ReleaseWorld.with(
            zones: ["zone01", "zone02"], rollback: style, arrival: ["zone01": ArrivalProof(place)]
        ) { world in
            var world = world
            let records = ScriptedRecords()
            world.records = records
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            world.set(clock: merged)
            try await body(world, records)
        }
    }

    @Test("the next batch waits for r10k's record, whose commit may be a later one, and it is not asked again")
    func forward() async throws {
        try await Self.with { world, records in
            let before = try await world.head("zone01")
            let waiting = try await world.release("rel1", batches: Self.batches)
            #expect(waiting.steps.map(\.state.rawValue) == [3, 3, 1, 0])
            let zone = try #require(waiting.steps[2].targets.first)
            #expect(zone.result == .merged)
            #expect(zone.arrival?.state == "awaited")
            #expect(zone.arrival?.expected == zone.merge)
            #expect(zone.arrival?.reason == "there is no record of a deploy yet")
            #expect(try await world.message("rel1").contains("deployed on zone01, by 2025-02-11T19:23:20Z"))
            #expect(try await world.stall("rel1") == nil)

            records.deploy(before, at: Self.place)
            let old = try await world.release("rel1", batches: Self.batches)
            #expect(old.steps[2].targets[0].arrival?.reason?.hasSuffix("is deployed, which is without it") == true)

            let hotfix = try await world.commit(["data/zone01.yaml": "---\na: 1\n"], on: "zone01")
            records.deploy(hotfix, at: Self.place)
            let done = try await world.release("rel1", batches: Self.batches)
            #expect(done.steps.map(\.state.rawValue) == [3, 3, 3, 3])
            #expect(done.steps[2].targets[0].arrival?.deployed == hotfix.hex)
            #expect(try await world.pins("zone02")[Puppetfile.edge] == Pin.pC5)

            let readings = records.readings.count
            records.deploy(before, at: Self.place)
            let later = try await world.release("rel1", batches: Self.batches)
            #expect(later.steps.map(\.state.rawValue) == [3, 3, 3, 3])
            #expect(records.readings.count == readings)
        }
    }

    @Test("a deploy that is not proved in time stops it with the reason, and it goes on when the record comes")
    func overdue() async throws {
        try await Self.with { world, records in
            try await world.release("rel1", batches: Self.batches)
            let merge = try await world.head("zone01")
            records.deploy(merge, at: Self.place, isSuccess: false)
            world.set(clock: Self.merged + 1800)
            let late = try await world.release("rel1", batches: Self.batches)
            #expect(late.steps.map(\.state.rawValue) == [3, 3, 2, 0])
            #expect(try await world.stall("rel1") == "NotArrived")
            #expect(
                try await world.message("rel1")
                    == "zone01 was merged and not deployed in time: r10k calls its deploy of \(merge.abbreviated) failed"
            )
            records.deploy(merge, at: Self.place)
            let done = try await world.release("rel1", batches: Self.batches)
            #expect(done.steps.map(\.state.rawValue) == [3, 3, 3, 3])
        }
    }

    @Test(
        "taken back, no branch waits for a deploy, and it is rolled back when the record tells of the revert",
        arguments: [RollbackStyle.sharedRevert, .revertAndSync])
    func rollback(_ style: RollbackStyle) async throws {
        try await Self.with(style) { world, records in
            let before = try await world.tree("zone01")
            try await world.release("rel1", batches: Self.batches)
            records.deploy(try await world.head("zone01"), at: Self.place)
            try await world.release("rel1", batches: Self.batches)
            let waiting = try await world.release("rel1", to: .rolledBack, batches: Self.batches)
            #expect(waiting.steps.map(\.state.rawValue) == [6, 6, 4, 6])
            #expect(waiting.steps[2].targets[0].result == .reverted)
            #expect(waiting.steps[2].targets[0].arrival?.state == "awaited")
            #expect(try await world.tree("zone01") == before)
            records.deploy(try await world.head("zone01"), at: Self.place)
            let done = try await world.release("rel1", to: .rolledBack, batches: Self.batches)
            #expect(done.steps.map(\.state.rawValue) == [6, 6, 6, 6])
            #expect(try await world.stall("rel1") == nil)
        }
    }

    @Test("where nobody can read records, nothing that has to be proved arrives")
    func nobody() async throws {
        try await Self.with { world, _ in
            var world = world
            world.records = nil
            let status = try await world.release("rel1", batches: Self.batches)
            #expect(status.steps.map(\.state.rawValue) == [3, 3, 1, 0])
        }
    }
}
