import DesiredState
import ForgeDoubles
import Testing

@testable import ReleasePromotion

@Suite("Releases on code hosts")
struct ReleaseHostTests {
    @Test(
        "A release is promoted, taken back and cancelled over the host's own protocol, and nothing short-lived is left",
        arguments: [ForgeType.gitlab, .github, .gitee, .gerrit])
    func life(_ host: ForgeType) async throws {
        try await HostWorld.with(host) { world in
            try await world.propose("rel1", edge: Pin.pC5)
            let released = try await world.release("rel1", to: .complete)
            #expect(released.steps.map(\.state) == [.succeeded, .succeeded, .succeeded])
            let after = try await world.standing()
            #expect(after.pins == ["PC5", "PC5", "PC5", "PC5"])
            #expect(after.others == ["rel1"])

            let back = try await world.release("rel1", to: .rolledBack)
            #expect(back.steps.map(\.state) == [.rolledBack, .rolledBack, .rolledBack])
            _ = try await world.release("rel1", to: .cancelled)
            let gone = try await world.standing()
            #expect(gone.pins == ["P60", "P60", "P60", "P60"])
            #expect(gone.others == [])

            try await world.propose("rel2", edge: Pin.p2C)
            let next = try await world.release("rel2", to: .complete)
            #expect(next.steps.map(\.state) == [.succeeded, .succeeded, .succeeded])
        }
    }
}
