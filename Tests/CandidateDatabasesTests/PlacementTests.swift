import CandidateDatabases
import Testing

@Suite("Where a candidate's databases go")
struct PlacementTests {
    typealias Standing = Placement.Standing

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var recorded: String?
        let servers: [Standing]
        let expected: Placement

        init(_ description: String, _ servers: [Standing], recorded: String? = nil, _ expected: Placement) {
            testDescription = description
            self.recorded = recorded
            self.servers = servers
            self.expected = expected
        }
    }

    static let cases: [Case] = [
        Case("the only one", [Standing("a")], .goes(to: "a")),
        Case("none is desired", [], .waits),
        Case("the first of two that are empty", [Standing("a"), Standing("b")], .goes(to: "a")),
        Case("the one with fewer", [Standing("a", candidates: 3), Standing("b", candidates: 2)], .goes(to: "b")),
        Case(
            "the smaller share, not the smaller number",
            [Standing("a", candidates: 5, of: 10), Standing("b", candidates: 20, of: 100)], .goes(to: "b")),
        Case(
            "numbers, where not all have a share",
            [Standing("a", candidates: 5, of: 10), Standing("b", candidates: 20)], .goes(to: "a")),
        Case(
            "a full one takes none", [Standing("a", candidates: 2, of: 2), Standing("b", candidates: 9)], .goes(to: "b")
        ),
        Case("all are full", [Standing("a", candidates: 2, of: 2), Standing("b", candidates: 1, of: 1)], .waits),
        Case(
            "a drained one takes none", [Standing("a", isDrained: true), Standing("b", candidates: 9)], .goes(to: "b")),
        Case("all are drained", [Standing("a", isDrained: true)], .waits),
        Case(
            "one that cannot be reached takes none",
            [Standing("a", trouble: .unreachable), Standing("b", candidates: 9)], .goes(to: "b")),
        Case(
            "nor does one with another reference database",
            [Standing("a", candidates: 9), Standing("b", trouble: .otherReference)], .goes(to: "a")),
        Case(
            "nor any, as long as nobody knows what the reference database should be",
            [Standing("a", trouble: .unreachable), Standing("b", trouble: .unknownReference)], .waits),
        Case(
            "it stays where it is whatever the reference database is by now",
            [Standing("a"), Standing("b", trouble: .otherReference, holdsCandidate: true)], .stays(on: "b")),
        Case(
            "it stays where it is, however full and drained that is",
            [Standing("a"), Standing("b", candidates: 9, of: 5, isDrained: true, holdsCandidate: true)],
            recorded: "b", .stays(on: "b")),
        Case(
            "it stays where its database is although nobody remembers",
            [Standing("a"), Standing("b", holdsCandidate: true)], .stays(on: "b")),
        Case(
            "it stays on a server that cannot be reached",
            [Standing("a"), Standing("b", trouble: .unreachable)], recorded: "b", .stays(on: "b")),
        Case(
            "it stays where it was sent although nothing was made yet and another is emptier",
            [Standing("a"), Standing("b", candidates: 3, of: 5)], recorded: "b", .stays(on: "b")),
        Case(
            "it is sent elsewhere when its server became full before anything was made",
            [Standing("a", candidates: 4), Standing("b", candidates: 5, of: 5)], recorded: "b", .goes(to: "a")),
        Case(
            "it is sent elsewhere when its server is drained before anything was made",
            [Standing("a", candidates: 4), Standing("b", isDrained: true)], recorded: "b", .goes(to: "a")),
        Case("a server that is taken off the list keeps nobody", [Standing("a")], recorded: "b", .goes(to: "a")),
        Case(
            "what it was sent to goes before what holds something of it too",
            [Standing("a", holdsCandidate: true), Standing("b", holdsCandidate: true)], recorded: "b", .stays(on: "b")),
    ]

    @Test("The rules, one by one", arguments: cases)
    func decide(_ example: Case) {
        #expect(Placement.decide(recorded: example.recorded, example.servers) == example.expected)
    }

    @Test("Thirty candidates spread over servers in the proportion of their places, and then wait")
    func spread() {
        var servers = [Standing("a", of: 4), Standing("b", of: 8), Standing("c", of: 12)]
        for placed in 1...30 {
            guard case .goes(let name) = Placement.decide(recorded: nil, servers),
                let index = servers.firstIndex(where: { $0.name == name })
            else {
                #expect(placed > 24)
                continue
            }
            servers[index].candidates += 1
            if placed == 12 { #expect(servers.map(\.candidates) == [2, 4, 6]) }
        }
        #expect(servers.map(\.candidates) == [4, 8, 12])
    }
}
