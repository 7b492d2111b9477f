import DesiredState
import Foundation
import Reconciliation
import StateStore

/// What is to be sent to a channel now, and how the channel stands afterwards. Pure.
enum ChannelPlan {
    /// How many messages one pass sends to people; more would be a flood, and the last one counts what it leaves out.
    static let messagesForPeople = 3
    /// How many messages one pass sends to a program.
    static let messagesForPrograms = 50

    /// What is to be done.
    static func decide(_ seen: ChannelObservation) -> [ChannelAction] {
        var actions: [ChannelAction] = []
        let wanted = Subscription(rules: seen.spec.rules, quiet: seen.spec.quiet, gather: seen.spec.gather)
        if seen.standing.subscription != wanted { actions.append(.subscribe(wanted)) }
        let isStopped = seen.standing.stop.map { $0.generation == seen.generation } ?? false
        if seen.standing.stop != nil, !isStopped { actions.append(.resume) }
        // What a person asked for is tried in any case: it shows whether the channel works again.
        let due = isStopped || seen.standing.pause != nil ? seen.due.filter(\.isAsked) : seen.due
        let manner = ChannelManner.of(seen.spec.destination)
        let composer = MessageComposer(
            channel: seen.name, manner: manner, template: seen.spec.template, links: seen.links)
        let budget = min(
            manner.rate - seen.recent.count, manner.isSingle ? messagesForPrograms : messagesForPeople)
        return actions + composer.messages(for: due, limit: budget).map(ChannelAction.send)
    }

    /// How the channel stands after a pass.
    /// - Parameter seen: What was observed after everything was done.
    static func conclude(_ seen: ChannelObservation) -> ReconcileResult {
        let standing = seen.standing
        if let stop = standing.stop, stop.generation == seen.generation {
            return .stalled(
                "nothing is sent any more: \(stop.reason)", reason: "Stopped",
                until: "its spec changes, or sluice notices test \(seen.name) gets through")
        }
        let next = max(standing.next ?? .zero, standing.pause ?? .zero)
        if standing.failures > 0 {
            let since = standing.failingSince.map { " since \($0.formatted(.iso8601))" } ?? ""
            let count = standing.failures == 1 ? "1 attempt" : "\(standing.failures) attempts"
            return ReconcileResult(
                .waiting(on: "the next attempt"), reason: "DeliveryFailed",
                message: "\(count) failed\(since), and \(standing.waiting) notices wait",
                lookAgain: standing.next == nil ? nil : next)
        }
        guard standing.next != nil else { return .ready("everything that happened was told") }
        return .ready(
            "\(standing.waiting) notices are on their way", lookAgain: max(next, slot(seen)))
    }

    /// How long until the channel takes another message.
    static func slot(_ seen: ChannelObservation) -> Duration {
        let excess = seen.recent.count - ChannelManner.of(seen.spec.destination).rate
        guard excess >= 0 else { return .zero }
        // The oldest leave the minute first.
        let ages = seen.recent.sorted(by: >)
        guard excess < ages.count else { return .seconds(60) }
        return max(.zero, .seconds(60) - ages[excess]) + .milliseconds(100)
    }
}
