import Diagnostics
import StateStore

/// Why a request is refused or could not be answered, before it takes the form of a surface.
struct CallFailure: Error {
    let status: HTTPStatus
    /// A stable slug.
    let code: String
    /// A sentence that is safe to show anyone.
    let message: String
    var hint: String?
    /// Headers that belong to the refusal.
    var headers: [(name: String, value: String)] = []
    /// The code of the registry platform for the same, where it has one.
    var platformCode: String?
    /// Whether the registry platform answers this with no body at all.
    var isSilent = false

    init(
        _ status: HTTPStatus, _ code: String, _ message: String, hint: String? = nil,
        platformCode: String? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
        self.platformCode = platformCode
    }
}

extension CallFailure {
    /// What any error means to a caller. The detail of an error is for the log and never part of it.
    init(_ error: any Error) {
        if let failure = error as? CallFailure {
            self = failure
            return
        }
        let error = SluiceError(wrapping: error)
        let (status, platformCode) = Self.meaning(of: error)
        self.init(status, error.code.rawValue, error.message, hint: error.hint, platformCode: platformCode)
        if let seconds = error.retryAfter?.components.seconds {
            headers = [("Retry-After", String(max(1, seconds)))]
        }
    }

    private static func meaning(of error: SluiceError) -> (HTTPStatus, String?) {
        switch error.code {
        case "page.invalid-cursor": (.badRequest, nil)
        case "registry.unknown": (.notFound, "REPOSITORY_NOT_FOUND_EXCEPTION")
        case "registry.ambiguous": (.badRequest, "Bad Request")
        case "resource.unknown-kind": (.notFound, nil)
        // Somebody has to make them first; the fault is not on our side.
        case "forge.project-missing", "forge.branch-missing", "registry.branch-missing":
            (.notFound, "REPOSITORY_NOT_FOUND_EXCEPTION")
        case "registry.reference-missing", "release.unknown", "release.repository-unknown", "upstream.unknown",
            "notice.no-subscriber":
            (.notFound, nil)
        case "release.not-an-operator", "release.not-an-approver": (.forbidden, nil)
        // Right in itself, but not as things stand.
        case _ where error.code.rawValue.begins(with: "release."): (.conflict, nil)
        case _ where error.code.rawValue.begins(with: "postgres."):
            (.serviceUnavailable, "REGISTRY_DATA_BASE_CONNECTION_ERROR")
        default:
            switch error.kind {
            case .transient: (.serviceUnavailable, nil)
            case .conflict: (.conflict, "CONFLICT_ERROR")
            case .stalled: (.internalServerError, nil)
            }
        }
    }

    static func unauthorized(takingPasswords: Bool) -> CallFailure {
        var failure = CallFailure(
            .unauthorized, "api.unauthorized", "an access token is needed",
            hint: "send Authorization: Bearer … or X-Access-Token: …")
        failure.headers = [
            ("WWW-Authenticate", takingPasswords ? #"Basic realm="Authentication Required", Bearer"# : "Bearer")
        ]
        return failure
    }

    static func wrongCredentials(takingPasswords: Bool) -> CallFailure {
        let what = takingPasswords ? "access token or password" : "access token"
        var failure = CallFailure(.unauthorized, "api.unauthorized", "the \(what) is wrong")
        failure.headers = unauthorized(takingPasswords: takingPasswords).headers
        return failure
    }

    static let foreignOrigin = CallFailure(
        .forbidden, "api.foreign-origin", "without an access token only this machine may ask, by a loopback name",
        hint: "use http://127.0.0.1, or configure a token", platformCode: "FORBIDDEN_OPERATION")

    static let crossSite = CallFailure(
        .forbidden, "api.cross-site", "a page of elsewhere may not ask with your password", hint: "use a token",
        platformCode: "FORBIDDEN_OPERATION")

    static let malformedTarget = CallFailure(
        .badRequest, "api.malformed-target", "the path or query is not percent-encoded UTF-8")

    static let unknownPath = CallFailure(
        .notFound, "api.unknown-path", "there is nothing at this path", hint: "GET /api/v1/openapi.json lists what is")

    static func otherMethods(_ methods: [Route.Method]) -> CallFailure {
        let allowed = methods.map(\.rawValue).joined(separator: ", ")
        var failure = CallFailure(.methodNotAllowed, "api.method-not-allowed", "the path takes \(allowed) only")
        failure.headers = [("Allow", allowed)]
        return failure
    }

    static let bodyBroken = CallFailure(
        .badRequest, "api.body-broken", "the body broke off, or is not what its headers say")

    /// The connection ends with it: what is still to come is not wanted.
    static func bodyTooLarge(limit: Int) -> CallFailure {
        var failure = CallFailure(.contentTooLarge, "api.body-too-large", "the body has more than \(limit) bytes")
        failure.headers = [("Connection", "close")]
        return failure
    }
}
