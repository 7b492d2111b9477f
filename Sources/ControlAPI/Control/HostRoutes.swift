import AccessControl
import DesiredState

/// `/api/v1/hosts`: how the hosts of the forges stand with this process.
struct HostRoutes {
    private let hosts: any HostDirectory

    init(_ hosts: any HostDirectory) { self.hosts = hosts }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/api/v1/hosts", surface: .control, operation: "listHosts",
                summary:
                    "The hosts that this process asks over HTTP: their limits, and whether requests go out to them.",
                access: .needs(.read),
                outcomes: [.init(status: 200, summary: "All of them.", schema: .page("Host"))]
            ) { _ in
                Answer(["items": .array(await hosts.hosts().map(Self.body)), "nextCursor": .null])
            }
        ]
    }

    private static func body(_ host: HostStanding) -> JSONValue {
        [
            "origin": .string(host.origin), "state": .string(host.state.rawValue), "until": .time(host.until),
            "limit": .optional(host.limit), "remaining": .optional(host.remaining), "resets": .time(host.resets),
            "requests": .integer(host.requests),
        ]
    }

    static let schemas: [String: JSONValue] = [
        "Host": .record([
            "origin": .text, "state": ["enum": .array(HostStanding.State.allCases.map { .string($0.rawValue) })],
            "until": .timeOrNull, "limit": .wholeOrNull, "remaining": .wholeOrNull, "resets": .timeOrNull,
            "requests": .whole,
        ])
    ]
}
