import Diagnostics
import Testing

@testable import Notices

@Suite("When an attempt is repeated")
struct ScheduleTests {
    private func delays(_ asked: Duration? = nil, unit: Double = 0.5) -> [Duration?] {
        (1...11).map { AttemptSchedule.delay(afterFailures: $0, asked: asked, randomness: Randomness { unit }) }
    }

    @Test("After 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h, and then not again")
    func schedule() {
        #expect(
            delays()
                == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400].map { .seconds($0) } + [nil, nil])
    }

    @Test("Jitter makes it a tenth sooner or later, and no more")
    func jitter() {
        #expect(delays(unit: 0).first == .seconds(4.5))
        #expect(delays(unit: 0.999).first.map { ($0 ?? .zero) < .seconds(5.5) } == true)
    }

    @Test("Who asks us to wait is waited for, not longer for long, and never given up")
    func asked() {
        #expect(delays(.seconds(30)) == [.seconds(30)] + Array(repeating: .seconds(300), count: 10))
        #expect(delays(.seconds(3600)) == Array(repeating: .seconds(3600), count: 11))
    }
}
