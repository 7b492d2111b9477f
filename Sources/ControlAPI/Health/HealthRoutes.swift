import DesiredState

/// `/livez` and `/readyz`: whether the process lives, and whether it is fit for work.
struct HealthRoutes {
    private let readiness: any ReadinessProbe

    init(_ readiness: any ReadinessProbe) { self.readiness = readiness }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/livez", surface: .health, operation: "livez",
                summary: "Whether the process lives. A process that does not answer is to be restarted.",
                access: .open,
                outcomes: [.init(status: 200, summary: "It lives.", schema: .record(["status": .text]))]
            ) { _ in Answer(["status": "alive"]) },
            Route(
                method: .get, pattern: "/readyz", surface: .health, operation: "readyz",
                summary: "Whether the controller is fit for work, with what it needs for it.", access: .open,
                outcomes: [
                    .init(status: 200, summary: "It is.", schema: .reference("Readiness")),
                    .init(status: 503, summary: "It is not.", schema: .reference("Readiness")),
                ], handle: ready),
        ]
    }

    private func ready(_ call: Call) async throws -> Answer {
        let checks = await readiness.checks()
        let isReady = checks.allSatisfy { $0.problem == nil }
        return Answer(
            status: isReady ? .ok : .serviceUnavailable,
            [
                "status": isReady ? "ready" : "not ready",
                "checks": .array(
                    checks.map {
                        [
                            "name": .string($0.name), "problem": .optional($0.problem), "detail": .optional($0.detail),
                        ]
                    }),
            ])
    }

    static let schemas: [String: JSONValue] = [
        "Readiness": .record([
            "status": ["enum": ["ready", "not ready"]],
            "checks": [
                "type": "array", "items": .record(["name": .text, "problem": .textOrNull, "detail": .textOrNull]),
            ],
        ])
    ]
}
