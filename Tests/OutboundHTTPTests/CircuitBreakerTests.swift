import OutboundHTTP
import Testing

@Suite("The circuit breaker")
struct CircuitBreakerTests {
    private enum Step {
        case fail(Int)
        case succeed(Int)
        case abandon(Int)
        case ask(Int, CircuitBreaker.Admission)
        case stands(CircuitBreaker.State)
    }

    private func walk(_ steps: [Step]) {
        var breaker = CircuitBreaker(threshold: 3, pause: .seconds(10), longestPause: .seconds(30))
        for step in steps {
            switch step {
            case .fail(let now): breaker.failed(at: .seconds(now))
            case .succeed: breaker.succeeded()
            case .abandon(let now): breaker.abandoned(at: .seconds(now))
            case .ask(let now, let expected): #expect(breaker.admit(at: .seconds(now)) == expected)
            case .stands(let state): #expect(breaker.state == state)
            }
        }
    }

    @Test func `it opens at the threshold, not before`() {
        walk([
            .ask(0, .admitted), .fail(0), .fail(1), .stands(.closed(failures: 2)), .ask(1, .admitted), .fail(2),
            .stands(.open(until: .seconds(12), openings: 1)), .ask(5, .refused(retryAfter: .seconds(7))),
        ])
    }

    @Test func `a success in between starts the count again`() {
        walk([.fail(0), .fail(0), .succeed(0), .fail(0), .fail(0), .stands(.closed(failures: 2))])
    }

    @Test func `after the pause one request finds out, the others wait`() {
        walk([
            .fail(0), .fail(0), .fail(0), .ask(10, .admitted), .stands(.halfOpen(openings: 1)),
            .ask(10, .refused(retryAfter: .seconds(1))), .succeed(11), .stands(.closed(failures: 0)),
            .ask(11, .admitted),
        ])
    }

    @Test func `each opening lasts twice as long, up to a limit`() {
        walk([
            .fail(0), .fail(0), .fail(0), .ask(10, .admitted), .fail(10),
            .stands(.open(until: .seconds(30), openings: 2)), .ask(30, .admitted), .fail(30),
            .stands(.open(until: .seconds(60), openings: 3)), .ask(60, .admitted), .fail(60),
            .stands(.open(until: .seconds(90), openings: 4)),
        ])
    }

    @Test func `a request that is given up leaves the question open`() {
        walk([
            .fail(0), .fail(0), .fail(0), .ask(10, .admitted), .abandon(12),
            .stands(.open(until: .seconds(12), openings: 1)), .ask(12, .admitted),
        ])
    }

    @Test func `what was on its way when it opened changes nothing`() {
        walk([.fail(0), .fail(0), .fail(0), .fail(5), .stands(.open(until: .seconds(10), openings: 1))])
    }
}
