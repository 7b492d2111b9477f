import DesiredState
import Diagnostics
import StateStore
import Testing

@testable import Reconciliation

@Suite("Retrying")
struct RetryPolicyTests {
    let half = Randomness { 0.5 }

    private func error(_ kind: SluiceError.Kind, retryAfter: Duration? = nil) -> SluiceError {
        SluiceError("test.error", kind, "no", retryAfter: retryAfter)
    }

    @Test(
        "Transient errors back off exponentially up to the cap",
        arguments: [(1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (64, 300), (Int.max, 300)])
    func ceilings(failures: Int, seconds: Int) {
        #expect(RetryPolicy().ceiling(failures: failures) == .seconds(seconds))
    }

    @Test("The jitter is full: any delay from none to the ceiling", arguments: [0, 0.25, 0.5, 0.75])
    func jitter(unit: Double) {
        let decision = RetryPolicy().decide(error(.transient), failures: 4, randomness: Randomness { unit })
        #expect(decision == .again(after: .seconds(8) * unit))
    }

    @Test("F-05 A server that says how long to wait is obeyed to the second, and never early")
    func retryAfter() {
        let decision = RetryPolicy().decide(
            error(.transient, retryAfter: .seconds(1_234)), failures: 1, randomness: half)
        #expect(decision == .again(after: .milliseconds(1_234_250)))
    }

    @Test("A conflict is tried again at once, unless the world keeps moving")
    func conflicts() {
        let policy = RetryPolicy()
        #expect(policy.decide(error(.conflict), failures: 1, randomness: half) == .again(after: .zero))
        #expect(policy.decide(error(.conflict), failures: 5, randomness: half) == .again(after: .zero))
        #expect(policy.decide(error(.conflict), failures: 6, randomness: half) == .again(after: .milliseconds(500)))
        #expect(policy.decide(error(.conflict), failures: 8, randomness: half) == .again(after: .seconds(2)))
    }

    @Test("Wrong input is not tried again")
    func stalled() {
        #expect(RetryPolicy().decide(error(.stalled), failures: 1, randomness: half) == .never)
    }

    @Test("What began together does not stay together: intervals vary by a tenth")
    func intervals() {
        #expect(Randomness { 0 }.jittered(.seconds(100)) == .seconds(90))
        #expect(half.jittered(.seconds(100)) == .seconds(100))
    }
}

@Suite("The end of a pass")
struct PassConclusionTests {
    let conclusion = PassConclusion(
        retry: RetryPolicy(), randomness: Randomness { 0.5 }, failures: 2, generation: 7, resync: nil)

    private func conditions(_ end: PassEnd) -> [Condition.Kind: Condition.Status] {
        Dictionary(end.report.statements.map { ($0.type, $0.status) }, uniquingKeysWith: { _, last in last })
    }

    @Test("Every way out but a hand-over says Ready, Reconciling and Stalled, and never two of them at once")
    func complete() {
        let outcomes: [PassOutcome] = [
            .finished(.ready("ok")), .finished(.waiting(on: "a template")), .finished(.removed),
            .finished(.stalled("no", reason: "No")),
            .failed(SluiceError("a.b", .transient, "x")), .failed(SluiceError("a.b", .stalled, "x")),
            .failed(SluiceError("a.b", .conflict, "x")),
        ]
        for outcome in outcomes {
            let said = conditions(conclusion.end(after: outcome))
            #expect(Set(said.keys) == [.ready, .reconciling, .stalled], "\(outcome)")
            #expect(said.values.count { $0 == .true } <= 1, "\(outcome)")
        }
    }

    @Test("What is not ready says what it waits for; what is ready waits for nothing")
    func waiting() {
        #expect(conclusion.end(after: .finished(.ready("ok"))).report.waiting == .nothing)
        for outcome: PassOutcome in [
            .finished(.waiting(on: "a template")), .finished(.stalled("no", reason: "No")),
            .failed(SluiceError("a.b", .transient, "x")), .failed(SluiceError("a.b", .stalled, "x")),
            .held(.suspended(Suspension(), left: nil)), .held(.waiting(on: "Thing/b")),
        ] {
            guard case .on(let what) = conclusion.end(after: outcome).report.waiting else {
                Issue.record("\(outcome) does not say what it waits for")
                continue
            }
            #expect(!what.isEmpty)
        }
    }

    @Test("Failures in a row are counted, and forgotten with a success or a newer input")
    func failures() {
        #expect(conclusion.end(after: .failed(SluiceError("a.b", .transient, "x"))).failures == 3)
        #expect(conclusion.end(after: .finished(.ready("ok"))).failures == 0)
        #expect(conclusion.end(after: .cancelled(reason: "newer")).failures == 0)
        #expect(conclusion.end(after: .interrupted).failures == 2)
    }

    @Test("When it is looked at next: as the result says, else after the resync interval, else when asked")
    func next() {
        let resyncing = PassConclusion(
            retry: RetryPolicy(), randomness: Randomness { 0.5 }, failures: 0, generation: nil, resync: .seconds(60))
        #expect(conclusion.end(after: .finished(.ready("ok"))).next == .whenAsked)
        #expect(resyncing.end(after: .finished(.ready("ok"))).next == .after(.seconds(60)))
        #expect(resyncing.end(after: .finished(.ready("ok", lookAgain: .seconds(5)))).next == .after(.seconds(5)))
        #expect(resyncing.end(after: .failed(SluiceError("a.b", .stalled, "x"))).next == .after(.seconds(60)))
        #expect(conclusion.end(after: .failed(SluiceError("a.b", .stalled, "x"))).next == .whenAsked)
        #expect(conclusion.end(after: .failed(SluiceError("a.b", .transient, "x"))).next == .after(.seconds(2)))
        #expect(conclusion.end(after: .finished(.unfinished(continueIn: .deploy))).next == .after(.zero, lane: .deploy))
        #expect(conclusion.end(after: .interrupted).next == .after(.zero))
    }

    @Test("The generation that was looked at is said on success and failure, not when the pass was stopped")
    func generation() {
        #expect(conclusion.end(after: .finished(.ready("ok"))).report.observedGeneration == 7)
        #expect(conclusion.end(after: .failed(SluiceError("a.b", .stalled, "x"))).report.observedGeneration == 7)
        #expect(conclusion.end(after: .cancelled(reason: "newer")).report.observedGeneration == nil)
        #expect(conclusion.end(after: .finished(.unfinished(continueIn: .deploy))).report == StatusReport())
    }

    @Test("Failures are worth an event, conflicts are not")
    func events() {
        let failed = conclusion.end(after: .failed(SluiceError("candidate.changeset-failed", .stalled, "x")))
        #expect(failed.events.map(\.reason) == ["CandidateChangesetFailed"])
        #expect(conclusion.end(after: .failed(SluiceError("a.b", .conflict, "x"))).events.isEmpty)
        #expect(conclusion.end(after: .finished(.ready("ok"))).events.isEmpty)
    }
}
