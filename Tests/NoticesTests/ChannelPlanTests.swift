import DesiredState
import Reconciliation
import StateStore
import Testing

@testable import Notices

@Suite("What is sent now")
struct ChannelPlanTests {
    private func seen(_ change: (inout ChannelObservation) -> Void = { _ in }) -> ChannelObservation {
        var seen = ChannelObservation(
            name: "ops", spec: NotificationChannelSpec(NoticeWorld.wecom), generation: 2, due: [notice(1), notice(2)])
        seen.standing.subscription = Subscription(rules: [.warnings])
        seen.standing.waiting = 2
        seen.standing.next = .zero
        change(&seen)
        return seen
    }

    private func sent(_ change: (inout ChannelObservation) -> Void = { _ in }) -> [[Int64]] {
        ChannelPlan.decide(seen(change)).compactMap {
            if case .send(let message) = $0 { message.notices.map(\.id) } else { nil }
        }
    }

    @Test("What is due together is one message")
    func together() { #expect(sent() == [[1, 2]]) }

    @Test("A channel that is new subscribes first, and one whose rules changed again")
    func subscribes() {
        let wanted = ChannelAction.subscribe(Subscription(rules: [.warnings]))
        #expect(ChannelPlan.decide(seen { $0.standing.subscription = nil }).first == wanted)
        #expect(ChannelPlan.decide(seen { $0.standing.subscription?.rules = [NoticeRule()] }).first == wanted)
        #expect(ChannelPlan.decide(seen()).contains(wanted) == false)
    }

    @Test("No more messages a minute than the channel takes, and the next look is when it takes one again")
    func rate() {
        #expect(sent { $0.recent = Array(repeating: .seconds(10), count: 19) } == [[1, 2]])
        let full = seen { $0.recent = [.seconds(50)] + Array(repeating: .seconds(10), count: 19) }
        #expect(ChannelPlan.decide(full).isEmpty)
        #expect(ChannelPlan.conclude(full).lookAgain == .milliseconds(10_100))
    }

    @Test("While it pauses or is stopped, only what a person asked for is tried")
    func pauses() {
        let asked = [notice(1), notice(2, asked: true)]
        let stop = SubscriberStanding.Stop("gone", generation: 2)
        #expect(sent { $0.standing.pause = .seconds(3) } == [])
        #expect(sent { ($0.standing.pause, $0.due) = (.seconds(3), asked) } == [[2]])
        #expect(sent { $0.standing.stop = stop } == [])
        #expect(sent { ($0.standing.stop, $0.due) = (stop, asked) } == [[2]])
        let other = ChannelPlan.decide(seen { $0.standing.stop = .init("gone", generation: 1) })
        #expect(other.first == .resume)
        #expect(other.count == 2)
    }

    @Test("It says how it stands")
    func conclusions() {
        let idle = seen { ($0.due, $0.standing.next, $0.standing.waiting) = ([], nil, 0) }
        #expect(ChannelPlan.conclude(idle) == .ready("everything that happened was told"))
        let failing = ChannelPlan.conclude(
            seen { ($0.standing.failures, $0.standing.pause, $0.standing.next) = (3, .seconds(40), .seconds(1800)) })
        #expect(failing.standing == .waiting(on: "the next attempt"))
        #expect(failing.lookAgain == .seconds(1800))
        #expect(failing.message == "3 attempts failed, and 2 notices wait")
        let stopped = ChannelPlan.conclude(seen { $0.standing.stop = .init("it is gone", generation: 2) })
        #expect(stopped.reason == "Stopped")
        #expect(stopped.lookAgain == nil)
    }
}
