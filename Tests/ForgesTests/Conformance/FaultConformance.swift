import Diagnostics
import ForgeDoubles
import Forges
import GitClient
import OutboundHTTP
import Testing

/// What every adapter promises of a host in trouble: an error of the right kind, and never a smaller world.
@Suite("Every forge: faults")
struct FaultConformance {
    /// Enough of a fault that no retry gets past it.
    private static let many = 10_000

    struct Trouble: Sendable, CustomTestStringConvertible {
        let fault: Fault
        let kind: SluiceError.Kind?
        var testDescription: String { "\(fault.effect) \(fault.status ?? 0)" }
    }

    static let troubles: [Trouble] = [
        Trouble(fault: Fault(.status, times: many, status: 401), kind: .stalled),
        Trouble(fault: Fault(.status, times: many, status: 403), kind: .stalled),
        Trouble(fault: Fault(.status, times: many, status: 404), kind: .stalled),
        Trouble(fault: Fault(.status, times: many, status: 409), kind: .conflict),
        Trouble(fault: Fault(.status, times: many, status: 429, retryAfter: 77), kind: .transient),
        Trouble(fault: Fault(.status, times: many, status: 500), kind: .transient),
        Trouble(fault: Fault(.status, times: many, status: 502), kind: .transient),
        Trouble(fault: Fault(.status, times: many, status: 503, retryAfter: 77), kind: .transient),
        Trouble(fault: Fault(.limited, times: many), kind: .transient),
        Trouble(fault: Fault(.html, times: many), kind: .transient),
        Trouble(fault: Fault(.html, times: many, status: 502), kind: .transient),
        Trouble(fault: Fault(.truncatedBody, times: many), kind: .transient),
        Trouble(fault: Fault(.truncatedJSON, times: many), kind: .transient),
        Trouble(fault: Fault(.connectionClosed, times: many), kind: .transient),
        Trouble(fault: Fault(.answerLost, times: many), kind: .transient),
    ]

    @Test(arguments: Host.readyRemote, troubles)
    func `F-05: a list from a host in trouble is an error of its kind, and never empty`(
        _ host: Host, _ trouble: Trouble
    ) async throws {
        try await Stage.with(host) { stage in
            try await stage.propose(1)
            try stage.double.faults.set([trouble.fault])
            let error = await #expect(throws: SluiceError.self) {
                try await stage.forge.openCandidates(project: stage.project, branch: stage.master)
            }
            if let kind = trouble.kind { #expect(error?.kind == kind, "\(String(describing: error))") }
            if let seconds = trouble.fault.retryAfter {
                let asked = error?.retryAfter.map { $0 / .seconds(1) } ?? 0
                #expect(abs(asked - Double(seconds)) <= 1)
            }
        }
    }

    @Test(arguments: Host.readyRemote)
    func `F-05: an answer that comes a byte at a time is read to its end`(_ host: Host) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            try stage.double.faults.set([Fault(.slowBody, times: Self.many, pause: 0)])
            let open = try await stage.forge.openCandidates(project: stage.project, branch: stage.master)
            #expect(open.map(\.id) == [proposal.id])
            #expect(try await stage.report(.failed, on: proposal) == .posted)
            #expect(try await stage.report(.failed, on: proposal) == .alreadyThere)
        }
    }

    @Test(arguments: Host.readyRemote)
    func `F-03: an answer that stops coming is waited for until the deadline, and is no list`(_ host: Host) async throws
    {
        try await Stage.with(host) { stage in
            guard case .double(let double, let baseURL) = stage.place else { return }
            try await stage.propose(1)
            let forge = try await Stage.adapter(
                of: host, at: baseURL, stage.clock, limits: .init(deadline: .milliseconds(200), attempts: 1))
            double.faults.set([Fault(.stalledBody, times: Self.many)])
            let error = await #expect(throws: SluiceError.self) {
                try await forge.openCandidates(project: stage.project, branch: stage.master)
            }
            #expect(error?.code == "outbound.timed-out" && error?.kind == .transient, "\(String(describing: error))")
        }
    }

    @Test(arguments: Host.readyRemote, [Fault.Effect.repeatedPage, .missingPage, .shuffledPages])
    func `F-05: pages that come twice, not at all or in another order never make a smaller list`(
        _ host: Host, _ effect: Fault.Effect
    ) async throws {
        try await Stage.with(host, pageLimit: 2) { stage in
            for number in 1...7 { try await stage.propose(number) }
            for times in [1, Self.many] {
                try stage.double.faults.set([Fault(effect, times: times)])
                do {
                    let open = try await stage.forge.openCandidates(project: stage.project, branch: stage.master)
                    #expect(Set(open.map(\.id)).count == 7 && open.count == 7)
                } catch let error as SluiceError {
                    #expect(error.kind != .stalled)
                }
            }
        }
    }

    @Test(arguments: Host.readyRemote)
    func `F-05: the long texts of strangers do not keep a list from being read`(_ host: Host) async throws {
        try await Stage.with(host) { stage in
            guard case .double(let double, let baseURL) = stage.place else { return }
            for number in 1...7 {
                _ = try await double.administer { world in
                    try await world.propose(
                        ["\(number).txt": [0x31]], from: "topic-\(number)", into: "master", of: Stage.path,
                        title: "Change \(number)", body: String(repeating: "é", count: 20_000), by: "ada")
                }
            }
            // Each text takes about forty kilobytes, the list of all more than is read.
            let forge = try await Stage.adapter(of: host, at: baseURL, stage.clock, limits: .init(answerLimit: 120_000))
            let open = try await forge.openCandidates(project: stage.project, branch: stage.master)
            #expect(open.count == 7)
            #expect(open.allSatisfy { ($0.summary?.utf8.count ?? 0) <= Candidate.summaryLimit })
        }
    }

    @Test(arguments: Host.readyRemote)
    func `F-06: a candidate that a list has lost is still open when it is asked for by its id`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            try stage.double.faults.set([Fault(.emptyList, times: Self.many)])
            // The host itself says that there is nothing; whoever drops databases asks for each one.
            _ = try? await stage.forge.openCandidates(project: stage.project, branch: stage.master)
            guard
                case .open = try await stage.forge.candidate(
                    proposal.id, project: stage.project, branch: stage.master)
            else {
                Testing.Issue.record("it is not open")
                return
            }
        }
    }

    @Test(arguments: Host.readyRemote, [404, 403, 401])
    func `F-05: a candidate that cannot be seen is never taken for a closed one`(
        _ host: Host, _ status: Int
    ) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            try stage.double.faults.set([Fault(.status, times: Self.many, status: status)])
            do {
                let state = try await stage.forge.candidate(
                    proposal.id, project: stage.project, branch: stage.master)
                guard case .notVisible = state else {
                    Testing.Issue.record("it was taken for \(state)")
                    return
                }
            } catch let error as SluiceError {
                #expect(error.kind == .stalled)
            }
        }
    }

    @Test(arguments: Host.readyRemote)
    func `F-05: a host that has failed five times is left alone for a while, and asked again afterwards`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            try stage.double.faults.set([Fault(.status, times: Self.many, status: 500)])
            func list() async throws -> [Candidate] {
                try await stage.forge.openCandidates(project: stage.project, branch: stage.master)
            }
            for _ in 0..<6 { _ = try? await list() }
            let asked = try stage.double.log.entries.count
            let error = await #expect(throws: SluiceError.self) { try await list() }
            #expect(error?.code == "outbound.circuit-open" && error?.retryAfter != nil)
            #expect(try stage.double.log.entries.count == asked)
            try stage.double.faults.set([])
            stage.clock.advance(by: error?.retryAfter ?? .seconds(300))
            #expect(try await list().map(\.id) == [proposal.id])
        }
    }

    @Test(arguments: Host.readyRemote, [Fault(.status, status: 429, retryAfter: 60), Fault(.limited)])
    func `F-05: while a host asks us to wait it is not asked, and afterwards it is`(
        _ host: Host, _ fault: Fault
    ) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            try stage.double.faults.set([fault])
            func list() async throws -> [Candidate] {
                try await stage.forge.openCandidates(project: stage.project, branch: stage.master)
            }
            await #expect(throws: SluiceError.self) { try await list() }
            let asked = try stage.double.log.entries.count
            stage.clock.advance(by: .seconds(58))
            await #expect(throws: SluiceError.self) { try await list() }
            #expect(try stage.double.log.entries.count == asked)
            stage.clock.advance(by: .seconds(3))
            #expect(try await list().map(\.id) == [proposal.id])
        }
    }

    @Test(arguments: Host.readyRemote)
    func `F-03: whichever answer to a write is lost, the verdict stands once`(_ host: Host) async throws {
        try await Self.everyWrite(host, Fault(.answerLost))
    }

    @Test(arguments: Host.readyRemote)
    func `F-03: whichever answer to a write is cut, the verdict stands once`(_ host: Host) async throws {
        try await Self.everyWrite(host, Fault(.truncatedBody))
    }

    @Test(arguments: Host.readyRemote)
    func `F-05: whichever write the host fails at, the verdict stands once`(_ host: Host) async throws {
        try await Self.everyWrite(host, Fault(.status, status: 502))
    }

    /// Reports a verdict with a fault at its first, second, … write, repeats the report as the engine would, and looks.
    private static func everyWrite(_ host: Host, _ fault: Fault) async throws {
        try await Stage.with(host) { stage in
            for number in 1...6 {
                let proposal = try await stage.propose(number)
                let faults = ["POST", "PUT", "PATCH", "DELETE"].map { method in
                    var fault = fault
                    fault.method = method
                    return fault
                }
                // The number-th write of this report, whatever its method: every method has its own count.
                try stage.double.faults.set(
                    faults.map { one in
                        var one = one
                        one.skip = (number - 1) / 2
                        return one
                    })
                try stage.double.log.clear()
                var outcome: ReportOutcome?
                for _ in 0..<10 where outcome == nil {
                    outcome = try? await stage.report(.failed, on: proposal)
                    if outcome == nil { stage.clock.advance(by: .seconds(400)) }
                }
                try stage.double.faults.set([])
                #expect(outcome == .posted || outcome == .alreadyThere)
                #expect(try await stage.verdict(on: proposal) == stage.report(.failed, of: proposal))
                let comments = try await stage.ourComments(on: proposal)
                #expect(comments.count == 1, "\(comments)")
            }
        }
    }

    @Test(arguments: Host.readyRemote)
    func `V-02: a head that moves between the look and the write carries no verdict of ours`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            for (number, method) in [(1, "POST"), (2, "PUT"), (3, "PATCH")] {
                let proposal = try await stage.propose(number)
                try stage.double.faults.set([
                    Fault(.headMoved, method: method, candidate: proposal.number, project: Stage.path)
                ])
                let outcome = try await stage.report(.success, on: proposal)
                let wasHit = try stage.double.faults.pending.isEmpty
                try stage.double.faults.set([])
                guard wasHit else { continue }
                #expect(outcome == .revisionMoved)
                let head = try #require(try await stage.record(proposal).head)
                #expect(head != proposal.revision)
                #expect(try await stage.verdict(on: proposal, at: head) == nil)
            }
        }
    }

    @Test(arguments: Host.readyRemote, [Fault.Effect.candidateClosed, .candidateMerged])
    func `a candidate that goes under our hands is no failure, and is written to no more`(
        _ host: Host, _ effect: Fault.Effect
    ) async throws {
        try await Stage.with(host) { stage in
            let proposal = try await stage.propose(1)
            try stage.double.faults.set([
                Fault(effect, method: "POST", candidate: proposal.number, project: Stage.path)
            ])
            do {
                _ = try await stage.report(.success, on: proposal)
            } catch let error as SluiceError {
                #expect(error.kind == .conflict, "\(error)")
            }
            try stage.double.faults.set([])
            try stage.double.log.clear()
            #expect(try await stage.report(.failed, on: proposal) == .revisionMoved)
            #expect(try stage.writes().isEmpty)
        }
    }
}
