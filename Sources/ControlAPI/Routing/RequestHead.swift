import HTTPTypes
import Hummingbird

/// What a request says before its body, free of the server's own types.
struct RequestHead: Sendable {
    /// The method, as it was written.
    let method: String
    /// The path and query, as they were written.
    let target: String
    /// The host that was asked for, with its port.
    let authority: String?
    private let fields: HTTPFields

    init(_ request: HTTPRequest) {
        method = request.method.rawValue
        target = request.path ?? "/"
        authority = request.authority
        fields = request.headerFields
    }

    /// The value of a header; several of one name are joined.
    subscript(header: String) -> String? { HTTPField.Name(header).flatMap { fields[$0] } }

    /// All headers, as they came.
    var headers: [(name: String, value: String)] { fields.map { ($0.name.rawName, $0.value) } }

    /// How many bytes the body is said to have; nil when nothing is said.
    var declaredLength: Int? { self["Content-Length"].flatMap { Int($0) } }

    /// Whether only the headers of the answer are asked for.
    var isHead: Bool { method == "HEAD" }

    /// The path without its query.
    var path: String { String(target.unicodeScalars.prefix { $0 != "?" && $0 != "#" }) }

    /// The path as it may be shown: behind the name of a webhook's source stands a secret.
    var shownPath: String {
        // As it is dispatched: `/%68ooks/` is the same path.
        guard let segments = RequestTarget(target)?.segments else { return "?" }
        // Whoever doubles a slash, or leaves a prefix on, sends the secret all the same.
        guard let hooks = segments.firstIndex(where: { $0.lowercased() == "hooks" }) else { return path }
        return "/" + segments.prefix(hooks + 2).joined(separator: "/")
    }
}
