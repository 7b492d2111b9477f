import DesiredState
import Diagnostics
public import Reconciliation
public import StateStore

extension ChannelReconciler {
    /// Carries out one action.
    public func apply(
        _ action: ChannelAction, _ sight: ChannelSight, in task: TaskContext
    ) async throws -> TaskOutcome {
        let lease = task.context.lease
        switch (action, sight) {
        case (.unsubscribe, _):
            try await store.notices.unsubscribe(under: lease)
            return .done()
        case (.subscribe(let subscription), _):
            try await store.notices.subscribe(subscription, under: lease)
            return .done()
        case (.resume, _):
            try await store.notices.resume(under: lease)
            return .done()
        case (.send(let message), .seen(let seen)): return try await send(message, seen, in: task)
        case (.send, .gone), (.send, .leaving): return .notNeeded(because: "there is no such channel")
        }
    }

    private func send(
        _ message: NoticeMessage, _ seen: ChannelObservation, in task: TaskContext
    ) async throws -> TaskOutcome {
        let standing = try await store.notices.standing(of: task.context.lease.key)
        let isAsked = message.notices.contains(where: \.isAsked)
        guard isAsked || standing.pause == nil && standing.stop == nil else {
            return .notNeeded(because: "the message before was not taken")
        }
        let answer = try await sender.send(message, to: seen.spec.destination)
        try await task.reach("sent:notices")
        let attempt = NoticeAttempt(
            message.notices.map(\.id), outcome(of: answer.verdict, message, standing, seen), status: answer.status,
            answer: answer.words)
        try await store.notices.record(attempt, under: task.context.lease)
        task.notes.set("answer", .string(answer.words))
        if let status = answer.status { task.notes.set("status", .integer(status)) }
        switch answer.verdict {
        case .taken: return .done(["notices": .integer(message.notices.count)])
        case .throttled, .refused, .gone:
            return .failed(SluiceError("notice.not-taken", .transient, answer.words))
        }
    }

    private func outcome(
        of verdict: NoticeVerdict, _ message: NoticeMessage, _ standing: SubscriberStanding, _ seen: ChannelObservation
    ) -> NoticeAttempt.Outcome {
        let asked: Duration?
        switch verdict {
        case .taken: return .delivered
        case .gone: return .stopped(.init("whoever was told has said that it is gone", generation: seen.generation))
        case .throttled(let wait): asked = wait
        case .refused: asked = nil
        }
        var delays: [Int64: Duration?] = [:]
        for notice in message.notices {
            let delay = AttemptSchedule.delay(
                afterFailures: notice.attempts + 1, asked: asked, randomness: randomness)
            delays.updateValue(delay, forKey: notice.id)
        }
        // Given up after three days in which nothing came through: it is broken, and somebody has to look.
        if standing.failures >= AttemptSchedule.delays.count, delays.values.contains(nil) {
            return .stopped(
                .init("\(standing.failures + 1) attempts in a row failed over days", generation: seen.generation))
        }
        let usual = AttemptSchedule.delay(afterFailures: standing.failures + 1, asked: asked, randomness: randomness)
        let pause = min(usual ?? AttemptSchedule.longestPause, AttemptSchedule.longestPause)
        return .failed(delays: delays, pause: max(pause, asked ?? .zero))
    }
}

extension ChannelAction: PlannedAction {
    /// How it is shown and recorded.
    public var task: PlannedTask {
        switch self {
        case .subscribe(let subscription):
            PlannedTask("notices.subscribe", target: "events", details: ["rules": .integer(subscription.rules.count)])
        case .resume: PlannedTask("notices.resume", target: "events")
        case .unsubscribe: PlannedTask("notices.unsubscribe", target: "events")
        case .send(let message):
            PlannedTask(
                "notices.send", target: message.title,
                details: [
                    "notices": .array(message.notices.prefix(100).map { .integer(Int($0.id)) }),
                    "bytes": .integer(message.text.utf8.count),
                ])
        }
    }
}
