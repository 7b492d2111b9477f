import DesiredState
import Diagnostics

/// How errors look on a surface.
struct FailureForm {
    private let surface: Route.Surface

    init(_ surface: Route.Surface) { self.surface = surface }

    /// The answer that tells a failure.
    func answer(_ failure: CallFailure, path: String, identity: RequestIdentity) -> Answer {
        switch surface {
        case .versions: platform(failure, identity)
        case .transactions:
            Answer(
                status: failure.status, headers: failure.headers,
                ["message": .string(failure.message), "errors": [], "code": .string(failure.code)])
        case .tracking: page(failure)
        case .control, .hooks, .webhooks, .health: problem(failure, path: path, identity)
        }
    }

    /// A page, as patch-tracking's server has; who lacks a password gets the words alone.
    private func page(_ failure: CallFailure) -> Answer {
        // To that tool's clients a thing that one may not know of is forbidden: 404 is a path that is not there.
        let status = failure.isRefusal && failure.status == .notFound ? .forbidden : failure.status
        var answer = Answer(status: status, headers: failure.headers)
        if status == .unauthorized {
            answer.headers = [("WWW-Authenticate", #"Basic realm="Authentication Required""#)]
            answer.show(page: "Unauthorized Access")
            return answer
        }
        let words = failure.message.replacingAll("&", with: "&amp;").replacingAll("<", with: "&lt;")
        answer.show(
            page:
                "<!doctype html>\n<title>\(status.rawValue) \(status.title)</title>\n<h1>\(status.title)</h1>\n<p>\(words)</p>\n"
        )
        return answer
    }

    /// RFC 9457.
    private func problem(_ failure: CallFailure, path: String, _ identity: RequestIdentity) -> Answer {
        var members: [String: JSONValue] = [
            "type": .string("urn:sluice:error:\(failure.code)"), "title": .string(failure.status.title),
            "status": .integer(failure.status.rawValue), "code": .string(failure.code),
            "detail": .string(failure.message), "requestId": .string(identity.requestID),
            "instance": .string(path),
        ]
        if let hint = failure.hint { members["hint"] = .string(hint) }
        return Answer(
            status: failure.status, headers: failure.headers + [("Content-Type", "application/problem+json")],
            .object(members))
    }

    /// The registry platform's own form; what has no value is left out.
    private func platform(_ failure: CallFailure, _ identity: RequestIdentity) -> Answer {
        if failure.isSilent { return Answer(status: failure.status, headers: failure.headers) }
        // The platform knows no 503: its clients take any error of the server as 500.
        let status = failure.status == .serviceUnavailable ? HTTPStatus.internalServerError : failure.status
        let code = failure.platformCode ?? (status.isServerError ? "RUNTIME_ERROR" : status.title)
        return Answer(
            status: status, headers: failure.headers,
            ["traceId": .string(identity.traceID), "code": .string(code), "details": .string(failure.message)])
    }

    static let problemSchema: JSONValue = [
        "type": "object", "required": ["type", "title", "status", "code", "detail", "requestId", "instance"],
        "additionalProperties": false,
        "properties": [
            "type": ["type": "string", "format": "uri"], "title": ["type": "string"], "status": ["type": "integer"],
            "code": ["type": "string", "description": "A stable slug that a program may match."],
            "detail": ["type": "string"], "hint": ["type": "string"], "requestId": ["type": "string"],
            "instance": ["type": "string"],
        ],
    ]

    static let transactionSchema: JSONValue = .record(["message": .text, "errors": ["type": "array"], "code": .text])

    static let platformSchema: JSONValue = [
        "type": "object", "required": ["traceId", "code"], "additionalProperties": false,
        "properties": [
            "traceId": ["type": "string"], "code": ["type": "string"], "details": ["type": "string"],
            "localizedMessage": ["type": "string"],
        ],
    ]
}
