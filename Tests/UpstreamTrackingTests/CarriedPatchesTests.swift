import DesiredState
import Forges
import Foundation
import GitClient
import PatchSeries
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import UpstreamTracking

@Suite("Patches that a package carries")
struct CarriedPatchesTests {
    @Test("a change of a line that a merged patch has changed before fits: the package applies what it carries")
    func sameLine() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            try await world.commit([3: "three"], "Say three")
            try await world.look()
            try await world.merge()
            try await world.look()
            #expect(try await world.condition().reason == "UpToDate")

            try await world.commit([3: "tres"], "Say tres")
            try await world.commit([3: "trois"], "Say trois")
            try await world.look()
            #expect(try await world.status().patches.map(\.status) == [.clean, .clean])
            #expect(try await world.condition().reason == "Proposed")
        }
    }

    @Test("after patches that fit, one that does not is still looked at as git would merge it")
    func merging() async throws {
        try await UpstreamWorld.with(package: ["main.c": UpstreamWorld.text([8: "acht"])]) { world in
            try await world.look()
            try await world.commit([20: "twenty"], "Say twenty")
            try await world.commit([6: "six", 20: "twenty"], "Say six")
            try await world.look()
            let rows = try await world.status().patches
            #expect(rows.map(\.status) == [.clean, .conflict])
            #expect(rows.last?.reason?.hasSuffix("git merges it without a conflict") == true, "\(rows)")
        }
    }
}
