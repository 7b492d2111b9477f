import Forges
import Foundation
import GitClient
import Testing

@testable import CandidateDatabases

@Suite("What an open candidate needs next")
struct CandidatePlanTests {
    @Test("a candidate that has no database is built, published and voted on, with the label taken off meanwhile")
    func firstBuild() throws {
        let plan = CandidatePlan.decide(try Sample.observation())
        #expect(
            plan
                == .steps(
                    [
                        CandidateStep(.reportPending), CandidateStep(.clone(into: "build")),
                        CandidateStep(.deploy(in: "build")),
                        CandidateStep(.publish(build: "build", as: "registry-dev-1"), .ifDeployed),
                        CandidateStep(.report), CandidateStep(.discard(database: "build"), .ifFailed),
                    ], because: .newContent))
    }

    @Test("a database and a +1 of the same content leave nothing to do")
    func settled() throws {
        var seen = try Sample.observation()
        seen.published = try Sample.database("registry-dev-1", state: .deployed)
        seen.verdict = .init(verdict: .success, key: seen.key)
        #expect(CandidatePlan.decide(seen) == .settled)
    }

    @Test("a -1 for exactly this content is settled although an older good database stands beside it")
    func settledFailure() throws {
        var seen = try Sample.observation()
        seen.published = try Sample.database("registry-dev-1", state: .deployed, key: "older")
        seen.verdict = .init(verdict: .failed, key: seen.key)
        #expect(CandidatePlan.decide(seen) == .settled)
    }

    @Test("a new revision with the same content carries the verdict instead of building")
    func carried() throws {
        var seen = try Sample.observation()
        seen.published = try Sample.database("registry-dev-1", state: .deployed, revision: "b")
        #expect(
            CandidatePlan.decide(seen)
                == .steps(
                    [CandidateStep(.restamp(database: "registry-dev-1")), CandidateStep(.report)],
                    because: .sameContent))
    }

    @Test("content that failed before is not built again for a new revision")
    func carriedFailure() throws {
        var seen = try Sample.observation()
        seen.lastFailure = .init(key: seen.key, failure: Sample.failure)
        #expect(CandidatePlan.decide(seen) == .steps([CandidateStep(.report)], because: .sameFailure))
    }

    @Test("content that broke a limit is built again for a new revision: the limit may have been raised")
    func limitFailure() throws {
        var seen = try Sample.observation()
        let failure = DeployFailure(
            code: "candidate.deadline-exceeded", message: "still running", file: nil, line: nil, hint: nil)
        seen.lastFailure = .init(key: seen.key, failure: failure)
        guard case .steps(_, .newContent) = CandidatePlan.decide(seen) else {
            Issue.record("nothing is built")
            return
        }
    }

    @Test("what failed is built again when a person asks for it")
    func requested() throws {
        var seen = try Sample.observation()
        seen.lastFailure = .init(key: seen.key, failure: Sample.failure)
        seen.verdict = .init(verdict: .failed, key: seen.key)
        seen.build = try Sample.database("build", state: .failed(Sample.failure))
        seen.isRequested = true
        guard case .steps(let steps, .newContent) = CandidatePlan.decide(seen) else {
            Issue.record("nothing is built")
            return
        }
        #expect(steps.contains(CandidateStep(.discard(database: "build"))))
    }

    @Test("a database that is not whole is never taken for the answer, whatever its key")
    func unfinishedPublished() throws {
        var seen = try Sample.observation()
        seen.published = try Sample.database("registry-dev-1", state: .building)
        seen.verdict = .init(verdict: .success, key: seen.key)
        guard case .steps(_, .newContent) = CandidatePlan.decide(seen) else {
            Issue.record("nothing is built")
            return
        }
    }

    @Test("a vote that was lost is given again without building")
    func lostVote() throws {
        var seen = try Sample.observation()
        seen.published = try Sample.database("registry-dev-1", state: .deployed)
        #expect(CandidatePlan.decide(seen) == .steps([CandidateStep(.report)], because: .sameContent))
    }

    @Test("a vote of somebody else's making is replaced by ours")
    func foreignVote() throws {
        var seen = try Sample.observation()
        seen.published = try Sample.database("registry-dev-1", state: .deployed)
        seen.verdict = .init(verdict: .success, key: nil)
        #expect(CandidatePlan.decide(seen) == .steps([CandidateStep(.report)], because: .sameContent))
    }

    @Test("a database that was dropped by hand is built again although the vote stands")
    func droppedByHand() throws {
        var seen = try Sample.observation()
        seen.verdict = .init(verdict: .success, key: seen.key)
        guard case .steps(let steps, .newContent) = CandidatePlan.decide(seen) else {
            Issue.record("nothing is built")
            return
        }
        #expect(steps.contains(CandidateStep(.deploy(in: "build"))))
    }

    @Test("a build that was whole when the controller stopped is published, not deployed again (F-01)")
    func finishedBuild() throws {
        var seen = try Sample.observation()
        seen.build = try Sample.database("build", state: .deployed)
        #expect(
            CandidatePlan.decide(seen)
                == .steps(
                    [CandidateStep(.publish(build: "build", as: "registry-dev-1")), CandidateStep(.report)],
                    because: .buildFinished))
    }

    @Test("a build that had failed when the controller stopped is reported, not deployed again (F-01)")
    func failedBuild() throws {
        var seen = try Sample.observation()
        seen.build = try Sample.database("build", state: .failed(Sample.failure))
        seen.keepsFailedBuilds = true
        #expect(
            CandidatePlan.decide(seen)
                == .steps([CandidateStep(.report), CandidateStep(.keep(build: "build"))], because: .buildFailed))
    }

    @Test(
        "a build that was cut off, is undescribed or of other content is dropped before the next one",
        arguments: ["building", "undescribed", "outdated"])
    func cutOffBuild(_ kind: String) throws {
        var seen = try Sample.observation()
        seen.build =
            switch kind {
            case "building": try Sample.database("build", state: .building)
            case "undescribed": .init(name: "build", provenance: nil)
            default: try Sample.database("build", state: .deployed, key: "older")
            }
        guard case .steps(let steps, .newContent) = CandidatePlan.decide(seen) else {
            Issue.record("nothing is built")
            return
        }
        #expect(steps.dropFirst().first == CandidateStep(.discard(database: "build")))
        #expect(steps.dropFirst(2).first == CandidateStep(.clone(into: "build")))
    }

    @Test("a retired database that was left behind is dropped even when all else is settled")
    func leftovers() throws {
        var seen = try Sample.observation()
        seen.published = try Sample.database("registry-dev-1", state: .deployed)
        seen.verdict = .init(verdict: .success, key: seen.key)
        seen.retired = .init(name: "old", provenance: nil)
        #expect(
            CandidatePlan.decide(seen) == .steps([CandidateStep(.discard(database: "old"))], because: .leftovers))
    }

    @Test("a candidate waits for its base template, and is not blamed when master does not deploy")
    func waiting() throws {
        var seen = try Sample.observation()
        seen.baseTemplate = .missing
        #expect(CandidatePlan.decide(seen) == .waiting(.baseTemplate, after: [CandidateStep(.reportPending)]))
        seen.baseTemplate = .broken(Sample.failure)
        #expect(
            CandidatePlan.decide(seen) == .waiting(.brokenBase(Sample.failure), after: [CandidateStep(.reportPending)]))
    }

    @Test("a verdict that nothing bears out, such as a copied one, is taken back while the candidate waits, and once")
    func withdrawn() throws {
        var seen = try Sample.observation()
        seen.baseTemplate = .broken(Sample.failure)
        seen.verdict = .init(verdict: .success, key: try Sample.key("other"))
        #expect(
            CandidatePlan.decide(seen)
                == .waiting(.brokenBase(Sample.failure), after: [CandidateStep(.reportPending)]))
        seen.verdict = .init(verdict: .unknown, key: seen.key)
        #expect(CandidatePlan.decide(seen) == .waiting(.brokenBase(Sample.failure), after: []))
    }

    @Test("a full server makes a new candidate wait but lets one with a database be rebuilt")
    func capacity() throws {
        var seen = try Sample.observation()
        seen.freePlaces = 0
        #expect(CandidatePlan.decide(seen) == .waiting(.capacity, after: [CandidateStep(.reportPending)]))
        seen.published = try Sample.database("registry-dev-1", state: .deployed, key: "older")
        guard case .steps = CandidatePlan.decide(seen) else {
            Issue.record("the rebuild waits")
            return
        }
    }
}
