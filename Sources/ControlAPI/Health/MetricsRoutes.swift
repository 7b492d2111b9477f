import AccessControl
import DesiredState

/// `/metrics`: what is counted and measured, for Prometheus.
struct MetricsRoutes {
    private let page: any MetricsPage

    init(_ page: any MetricsPage) { self.page = page }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/metrics", surface: .control, operation: "metrics",
                summary:
                    "What is counted and measured of this process and of what all replicas share, as Prometheus reads it.",
                access: .needs(.read),
                outcomes: [
                    .init(status: 200, summary: "Prometheus' text form.", otherTypes: ["text/plain; version=0.0.4"])
                ]
            ) { _ in
                var answer = Answer()
                answer.text = await page.metrics()
                return answer
            }
        ]
    }
}
