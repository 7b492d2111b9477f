import CandidateDatabases
import ForgeDoubles
import Forges
import Foundation
import Reconciliation
import StateStore
import TestSupport
import Testing

@Suite("Candidates at rest")
struct GateRestTests {
    private static let remote: [GateHost] = [.gerrit, .gitlab]

    @Test(
        "L-01: however many candidates are settled, a sweep asks the host for the list and the branch only",
        arguments: remote)
    func requests(_ host: GateHost) async throws {
        try await GateWorld.with(host: host) { world in
            let double = try #require(world.double)
            for id in ["1", "2", "3", "4"] {
                try await world.push(GateWorld.adding("t\(id)", "create table t\(id) (id int);"), as: id)
            }
            try await world.settle()
            for _ in 0..<3 {
                double.log.clear()
                try await world.settle()
                #expect(double.log.entries.count == 2, "\(double.log.entries)")
                #expect(double.log.writes.isEmpty)
            }
            // And each is looked at again by itself, in a time that a host's limits allow for a thousand of them.
            let bound = CandidateReconciler.settledInterval / .seconds(1)
            for id in ["1", "2", "3", "4"] {
                let key = GateKey.candidate(id, of: GateWorld.registryName)
                let next = try #require(try await world.store.resources.get(key)?.nextLook)
                let wait = next.timeIntervalSinceNow
                #expect(wait > bound / 2 && wait < bound * 1.2, "\(wait)")
            }
        }
    }

    @Test("V-01: a verdict that somebody took away stands again after the next look, once", arguments: remote)
    func removed(_ host: GateHost) async throws {
        try await GateWorld.with(host: host) { world in
            let double = try #require(world.double)
            let head = try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "1")
            try await world.settle()
            try await double.administer { forge in
                if forge.type == .gerrit {
                    try await forge.vote(0, on: "Verified", of: 1, in: GateHost.project, by: "sluice")
                } else {
                    try await forge.label([], on: 1, in: GateHost.project, by: "ada")
                }
            }
            #expect(try await world.verdict(head, of: "1") == nil)
            let key = GateKey.candidate("1", of: GateWorld.registryName)
            try await world.store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "timer"))
            try await world.engine().drain(limit: 20)
            #expect(try await world.requireVerdict(head, of: "1").verdict == .success)
            #expect(try await world.writtenTwice(on: head, of: "1").isEmpty)
            // Nor is it news.
            let told = try await world.store.events.list(of: key).elements.filter { $0.reason == "Verified" }
            #expect(told.map(\.count) == [1])
        }
    }
}
