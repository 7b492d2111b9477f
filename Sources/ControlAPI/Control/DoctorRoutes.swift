import AccessControl
import DesiredState
import Doctor

/// `/api/v1/doctor`: how everything stands that the controller works with.
struct DoctorRoutes {
    private let doctor: any DoctorReports

    init(_ doctor: any DoctorReports) { self.doctor = doctor }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/api/v1/doctor", surface: .control, operation: "examine",
                summary:
                    "Looks at the state store, the servers, the forges and the machine now, and says what mends them.",
                // It asks hosts outside, as looking at an object again does.
                access: .needs(.reconcile),
                outcomes: [.init(status: 200, summary: "What was found.", schema: .reference("DoctorReport"))]
            ) { _ in Answer(Self.body(await doctor.examine())) }
        ]
    }

    private static func body(_ diagnosis: DoctorReport) -> JSONValue {
        [
            "healthy": .bool(diagnosis.isHealthy),
            "items": .array(
                diagnosis.findings.map { finding in
                    [
                        "check": .string(finding.check), "subject": .optional(finding.subject),
                        "state": .string(finding.state.rawValue), "found": .string(finding.found),
                        "fix": .optional(finding.fix),
                    ]
                }),
        ]
    }

    static let schemas: [String: JSONValue] = [
        "DoctorReport": .record([
            "healthy": ["type": "boolean"], "items": ["type": "array", "items": .reference("Finding")],
        ]),
        "Finding": .record([
            "check": .text, "subject": .textOrNull, "state": .words(Finding.State.allCases.map(\.rawValue)),
            "found": .text, "fix": .textOrNull,
        ]),
    ]
}
