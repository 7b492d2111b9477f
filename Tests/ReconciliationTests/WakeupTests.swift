import Testing

@testable import Reconciliation

@Suite("The bell")
struct WakeupTests {
    let clock = ContinuousClock()

    @Test("Rung while nobody waits, it lets the next wait through at once, and counts once", .timeLimit(.minutes(10)))
    func early() async {
        let bell = Wakeup()
        bell.signal()
        bell.signal()
        await bell.wait(atMost: .seconds(86_400), on: clock)
        let second = Task { await bell.wait(atMost: .seconds(86_400), on: clock) }
        second.cancel()
        await second.value
    }

    @Test("It ends a wait under way", .timeLimit(.minutes(10)))
    func ringing() async {
        let bell = Wakeup()
        let waiter = Task { await bell.wait(atMost: .seconds(86_400), on: clock) }
        bell.signal()
        await waiter.value
    }

    @Test("A wait ends with its time, and with its task", .timeLimit(.minutes(10)))
    func endings() async {
        let bell = Wakeup()
        await bell.wait(atMost: .zero, on: clock)
        let waiter = Task { await bell.wait(atMost: .seconds(86_400), on: clock) }
        waiter.cancel()
        await waiter.value
    }
}
