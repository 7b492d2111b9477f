import DesiredState
import Diagnostics
import GitClient
import Testing

@testable import ReleasePromotion

@Suite("A release is checked before it is merged")
struct ReleaseChecksTests {
    private static let zones = ["zone01", "zone02"]

    @Test("What the source breaks keeps it from every branch, and is merged once it is mended and approved again")
    func source() async throws {
        try await ReleaseWorld.with(zones: Self.zones) { plain in
            var world = plain
            world.checks = ReleaseChecks(TreeChecker(programs: nil))
            try await world.commit(["data/common.yaml": "---\na: 1\na: 2\n"], on: "rel1", message: "Twice")
            let status = try await world.release("rel1", batches: [Self.zones])
            #expect(try await world.stall("rel1") == "ChecksFailed")
            #expect(try await world.message("rel1").contains("data/common.yaml:3:1: the key \"a\" stands twice"))
            #expect(status.checks?.contains("data/common.yaml:3:1") == true)
            #expect(status.steps.allSatisfy { $0.state == .waiting })
            try await world.commit(["data/common.yaml": "---\na: 1\n"], on: "rel1", message: "Once")
            #expect(try await world.release("rel1", batches: [Self.zones]).steps.allSatisfy { $0.state == .succeeded })
        }
    }

    @Test("What was broken before does not hold a release up, on whatever branch")
    func before() async throws {
        try await ReleaseWorld.with(zones: Self.zones) { plain in
            var world = plain
            world.checks = ReleaseChecks(TreeChecker(programs: nil))
            try await world.commit(["data/zone.yaml": "a: ["], on: "zone02", message: "hotfix, broken")
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let status = try await world.release("rel1", batches: [Self.zones])
            #expect(status.steps.allSatisfy { $0.state == .succeeded })
        }
    }

    @Test(
        "What the first stage held before the release came is held against no step of it, whatever becomes of the stage",
        arguments: [false, true])
    func beforeInFirstStage(_ isMended: Bool) async throws {
        try await ReleaseWorld.with(zones: Self.zones) { plain in
            var world = plain
            world.checks = ReleaseChecks(TreeChecker(programs: nil))
            try await world.commit(["data/old.yaml": "---\na: 1\na: 2\n"], on: "uat", message: "Twice, long ago")
            for (from, into) in [("uat", "production"), ("production", "zone01"), ("production", "zone02")] {
                try await world.merge(try await world.head(from), into: into)
            }
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", to: .stage("uat"), batches: [Self.zones])
            #expect(try await world.tree("uat") == world.tree("rel1"), "the merge gave the source's own tree")
            if isMended { try await world.commit(["data/old.yaml": "---\na: 1\n"], on: "uat", message: "Mended") }
            let status = try await world.release("rel1", batches: [Self.zones])
            #expect(status.steps.allSatisfy { $0.state == .succeeded })
            #expect(status.verified?.hasSuffix(" accepted") == true)
            #expect(try await world.count(of: "source.verify") == 1)
        }
    }

    @Test("What was broken before does not hold up a merge that changes nothing")
    func nothingNew() async throws {
        try await ReleaseWorld.with(zones: Self.zones) { plain in
            var world = plain
            world.checks = ReleaseChecks(TreeChecker(programs: nil))
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "zone02", message: "hotfix")
            try await world.commit(["data/zone.yaml": "a: ["], on: "zone02", message: "hotfix, broken")
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let status = try await world.release("rel1", batches: [Self.zones])
            #expect(status.steps.allSatisfy { $0.state == .succeeded })
        }
    }

    @Test("A mistake that only the merge makes is found on the branch where it would be")
    func merged() async throws {
        try await ReleaseWorld.with(zones: Self.zones) { plain in
            var world = plain
            world.checks = ReleaseChecks(TreeChecker(programs: nil))
            let lines = (1...20).map { "key\($0): \($0)\n" }.joined()
            try await world.commit(["data/long.yaml": lines], on: "uat", message: "Long")
            for (from, into) in [("uat", "production"), ("production", "zone01"), ("production", "zone02")] {
                try await world.merge(try await world.head(from), into: into)
            }
            try await world.commit(["data/long.yaml": "mine: 1\n" + lines], on: "zone02", message: "hotfix")
            try await world.commit(["data/long.yaml": lines + "mine: 2\n"], on: "rel1", message: "The same key")
            try await world.release("rel1", batches: [["zone01"], ["zone02"]])
            #expect(try await world.stall("rel1") == "ChecksFailed")
            let message = try await world.message("rel1")
            #expect(message.contains("zone02") && !message.contains("zone01"))
            #expect(message.contains("data/long.yaml:22:1"))
        }
    }

    @Test("What the checks found is told once for each commit and verdict")
    func told() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { plain in
            var world = plain
            world.checks = ReleaseChecks(TreeChecker(programs: nil))
            try await world.commit(["data/common.yaml": "a: ["], on: "rel1", message: "Broken")
            for _ in 0..<2 { try await world.release("rel1", batches: [["zone01"]]) }
            #expect(try await world.count(of: "source.verify") == 1)
            #expect(try await world.status("rel1").verified?.contains("the checks refuse") == true)
            try await world.commit(["data/common.yaml": "a: 1\n"], on: "rel1", message: "Mended")
            try await world.release("rel1", batches: [["zone01"]])
            #expect(try await world.status("rel1").verified?.hasSuffix(" accepted") == true)
            #expect(try await world.count(of: "source.verify") == 2)
        }
    }

    @Test("A required program that is not there refuses every release, also where it was not there before")
    func required() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { plain in
            var world = plain.checking(ControlChecks(parser: .required))
            world.checks = ReleaseChecks(TreeChecker(programs: nil))
            try await world.commit(["site/a.pp": "class a {}\n"], on: "uat", message: "A manifest")
            for (from, into) in [("uat", "production"), ("production", "zone01")] {
                try await world.merge(try await world.head(from), into: into)
            }
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let status = try await world.release("rel1", batches: [["zone01"]])
            #expect(try await world.stall("rel1") == "ChecksFailed")
            #expect(try await world.message("rel1").contains("is required and did not judge the manifests"))
            #expect(status.steps.allSatisfy { $0.state == .waiting })
        }
    }

    @Test("A tree that is too large to be checked refuses a release, also where it was too large before")
    func unreadable() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { plain in
            var world = plain
            world.checks = ReleaseChecks(TreeChecker(programs: nil))
            let huge = String(repeating: "a", count: TreeContents.limits.bytesPerFile + 1)
            try await world.commit(["data/huge.yaml": huge], on: "zone01", message: "Huge")
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: [["zone01"]])
            #expect(try await world.stall("rel1") == "ChecksFailed")
            #expect(try await world.message("rel1").contains("data/huge.yaml: the tree cannot be checked"))
        }
    }

    @Test(
        "However little is held at a time, everything is checked before anything is merged, beside what was there before",
        arguments: [1, 100_000])
    func inGoes(_ byteLimit: Int) async throws {
        let zones = ["zone01", "zone02", "zone03"]
        try await ReleaseWorld.with(zones: zones) { plain in
            var world = plain
            world.checks = ReleaseChecks(TreeChecker(programs: nil, remembering: 1), byteLimit: byteLimit)
            for zone in zones {
                try await world.commit(["data/\(zone).yaml": "old: ["], on: zone, message: "hotfix, broken")
            }
            try await world.commit(["data/zone03.yaml": "a: 1\na: 2\n"], on: "zone03", message: "Twice")
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let status = try await world.release("rel1", batches: [zones])
            #expect(status.steps.allSatisfy { $0.state == .succeeded })
            try await world.commit(["data/rel2.yaml": "b: ["], on: "rel2", message: "Broken")
            let refused = try await world.release("rel2", batches: [["zone01"], ["zone03"]])
            #expect(try await world.stall("rel2") == "ChecksFailed")
            #expect(
                refused.steps.allSatisfy { $0.state == .waiting } && refused.checks?.contains("data/rel2.yaml") == true)
        }
    }

    @Test("Findings are new when they were not there before, wherever in the file they stand now")
    func new() {
        func finding(_ line: Int, _ message: String) -> Diagnostic {
            Diagnostic(code: "check.lint", at: SourceLocation(file: "a.pp", line: line), message)
        }
        let before = [finding(1, "tab"), finding(2, "space")]
        let now = [finding(5, "tab"), finding(6, "tab"), finding(7, "space"), finding(8, "quote")]
        #expect(now.new(since: before).map(\.location.line) == [6, 8])
        #expect(now.new(since: []) == now && [].new(since: before).isEmpty)
        let blind = ["check.tree-unreadable", "check.program-unavailable"].map {
            Diagnostic(code: $0, at: SourceLocation(file: "."), "nobody could look")
        }
        #expect(blind.new(since: blind) == blind)
    }
}
