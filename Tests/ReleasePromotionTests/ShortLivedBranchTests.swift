import DesiredState
import GitClient
import Testing

@testable import ReleasePromotion

@Suite("Short-lived branches")
struct ShortLivedBranchTests {
    private static let batches = [["zone01"]]

    @Test(
        "A branch that is only named like a short-lived one stays, with the commits that somebody made on it",
        arguments: ["sync_tls_certs", "promo_tls_zone01", "revert_tls_uat"])
    func somebodys(_ branch: String) async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "tls")
            let work = try await world.commit(["data/certs.yaml": "a: 1\n"], on: branch, message: "Mine")
            try await world.release("tls", to: .stage("production"), batches: Self.batches)
            try await world.release("tls", to: .rolledBack, batches: Self.batches)
            try await world.release("tls", to: .cancelled, batches: Self.batches)
            #expect(try await world.head(branch) == work)
            #expect(try await world.strays() == [branch])
        }
    }

    @Test("Where somebody's commits stand under the name that is needed, the branch waits and nothing is overwritten")
    func taken() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "tls")
            let work = try await world.commit(["README": "mine"], on: "promo_tls_zone01", message: "Mine")
            let status = try await world.release("tls", batches: Self.batches)
            #expect(status.leftAlone == ["promo_tls_zone01"])
            #expect(status.steps.map(\.state) == [.succeeded, .succeeded, .failed])
            let failure = try #require(status.steps.last?.targets.first?.failure)
            #expect(failure.contains("promo_tls_zone01 holds commits that are not the release's"))
            #expect(try await world.head("promo_tls_zone01") == work)
            try await world.delete("promo_tls_zone01")
            let after = try await world.release("tls", batches: Self.batches) { $0.attempt = 1 }
            #expect(after.steps.allSatisfy { $0.state == .succeeded } && after.leftAlone == nil)
            #expect(try await world.strays() == [])
        }
    }

    @Test("What a pass that died left behind goes, also when the source was amended meanwhile")
    func amended() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            let first = try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "tls")
            try await world.release("tls", to: .draft, batches: Self.batches)
            try await world.mirror.update([ReferenceUpdate(try .branch("promo_tls_uat"), from: nil, to: first)])
            try await world.force("tls", to: try await world.head("uat"))
            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "tls")
            try await world.release("tls", to: .draft, batches: Self.batches)
            #expect(try await world.strays() == [])
        }
    }

    @Test(
        "The target of a short-lived branch is read from its name",
        arguments: [
            ("promo_tls_zone01", "zone01"), ("sync_tls_a_b", "a_b"), ("promo_tls2_zone01", nil), ("promo_tls", nil),
            ("takeback_tls_zone01", nil),
        ])
    func names(_ branch: String, _ target: String?) {
        #expect(ReleaseName(repository: "puppet", release: "tls").target(ofShortLived: branch) == target)
    }
}
