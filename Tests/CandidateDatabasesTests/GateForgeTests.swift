import CandidateDatabases
import ForgeDoubles
import Forges
import GitClient
import StateStore
import TestSupport
import Testing

@Suite("The gate over hosts in trouble")
struct GateForgeTests {
    private static let remote: [GateHost] = [.gerrit, .gitlab]

    @Test("F-06: a host that lists nothing by mistake loses no database", arguments: remote)
    func emptyList(_ host: GateHost) async throws {
        try await GateWorld.with(host: host) { world in
            for id in ["1", "2", "3"] {
                try await world.push(GateWorld.adding("t\(id)", "create table t\(id) (id int);"), as: id)
            }
            try await world.settle()
            let before = try await world.published()
            #expect(before.count == 3)
            world.double?.faults.set([Fault(.emptyList, method: "GET", times: 10_000)])
            for _ in 0..<3 { try await world.settle() }
            let story = await world.story()
            #expect(try await world.published() == before, "\(story)")
        }
    }

    @Test("F-05: a host in trouble loses no database", arguments: remote)
    func trouble(_ host: GateHost) async throws {
        try await GateWorld.with(host: host) { world in
            try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "1")
            try await world.settle()
            let before = try await world.published()
            #expect(before.count == 1)
            for fault in [
                Fault(.status, times: 100, status: 404), Fault(.status, times: 100, status: 403),
                Fault(.html, times: 100), Fault(.truncatedJSON, times: 100), Fault(.connectionClosed, times: 100),
            ] {
                world.double?.faults.set([fault])
                try await world.settle()
                let story = await world.story()
                #expect(try await world.published() == before, "\(fault.effect) \(story)")
            }
        }
    }
}
