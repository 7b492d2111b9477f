import DesiredState
import Diagnostics
import NIOConcurrencyHelpers

/// One request that the interface understands: its shape, what it means, what is answered, and how.
struct Route: Sendable {
    /// To whom a route speaks, which decides how errors look and who may come in.
    enum Surface: String, Sendable, CaseIterable {
        /// Clients of the registry platform; errors in its own form.
        case versions
        /// People and programs that operate the controller; errors as problem documents.
        case control
        /// Clients of Fuel's history of deployments; errors in its form.
        case transactions
        /// Clients of patch-tracking; errors as it answers them.
        case tracking
        /// Repositories on this machine that tell of a change.
        case hooks
        /// Forges that tell of a change. Each call proves in its forge's own way who makes it.
        case webhooks
        /// Whoever watches over the process; open to everyone.
        case health
    }

    /// What is done at a path.
    enum Method: String, Sendable {
        /// Reads.
        case get = "GET"
        /// Asks for something.
        case post = "POST"
        /// Takes something out.
        case delete = "DELETE"
    }

    /// A parameter of the query.
    struct Parameter: Sendable {
        let name: String
        let summary: String
        var schema: JSONValue = ["type": "string"]
    }

    /// An answer that is no error.
    struct Outcome: Sendable {
        let status: Int
        let summary: String
        /// The JSON Schema of the body; nil when there is none.
        var schema: JSONValue?
        /// Other types that the answer has when it is asked for in them.
        var otherTypes: [String] = []
    }

    let method: Method
    let pattern: RoutePattern
    let surface: Surface
    /// A name that generated clients can call it by.
    let operation: String
    let summary: String
    /// What somebody needs to use it.
    let access: RouteAccess
    var query: [Parameter] = []
    /// The JSON Schema of the body; nil when none is read.
    var body: JSONValue?
    /// How large a body may be, in bytes.
    var bodyLimit = 4096
    /// What of the body the audit log keeps: what is named, so that nothing gets there by accident.
    var auditedBody: @Sendable (Call) -> JSONValue = { _ in [:] }
    let outcomes: [Outcome]
    let handle: @Sendable (Call) async throws -> Answer
}

/// A request as a handler sees it: decoded, within limits, allowed.
struct Call: Sendable {
    /// The segments that the pattern's parameters stand for.
    let parameters: [String: [String]]
    /// The query.
    let query: [(name: String, value: String)]
    /// The body; empty when the route reads none.
    let body: [UInt8]
    /// The headers' names and values, as they came.
    var headers: [(name: String, value: String)] = []
    /// Who asks.
    let caller: Caller

    private let parsed = NIOLockedValueBox<JSONValue??>(nil)

    init(
        parameters: [String: [String]], query: [(name: String, value: String)], body: [UInt8],
        headers: [(name: String, value: String)] = [], caller: Caller
    ) {
        self.parameters = parameters
        self.query = query
        self.body = body
        self.headers = headers
        self.caller = caller
    }

    /// The body as JSON, read once; nil when it is none.
    var json: JSONValue? {
        parsed.withLockedValue { parsed in
            if let parsed { return parsed }
            let read = String(validating: body, as: UTF8.self).flatMap { try? JSONValue(parsing: $0) }
            parsed = .some(read)
            return read
        }
    }

    /// Of a body that is an object, the members of these names: what a route says that the log may keep.
    func members(_ names: [String]) -> JSONValue {
        .object((json?.object ?? [:]).filter { names.contains($0.key) })
    }

    /// The segment of a parameter; empty when the pattern has none of that name.
    func parameter(_ name: String) -> String { parameters[name]?.first ?? "" }

    /// The first value of a query parameter that is not empty.
    func value(_ name: String) -> String? { query.first { $0.name == name && !$0.value.isEmpty }?.value }

    /// The values of a query parameter that may be repeated or hold several, separated by commas.
    func values(_ name: String) -> [String] {
        query.filter { $0.name == name }.flatMap { $0.value.words(at: ",").map(String.init) }
    }
}

/// What a handler answers.
struct Answer: Sendable {
    var status: HTTPStatus = .ok
    /// More headers: names and values.
    var headers: [(name: String, value: String)] = []
    /// The body; nil for none.
    var body: JSONValue?
    /// A body that is no JSON, with its type.
    var text: (type: String, content: String)?
    /// What failed, of an answer whose status does not say that something did.
    var failure: CallFailure?

    init(status: HTTPStatus = .ok, headers: [(name: String, value: String)] = [], _ body: JSONValue? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Makes it a page of HTML that loads nothing and in which nothing runs, whatever words stand in it.
    mutating func show(page: String) {
        text = ("text/html; charset=utf-8", page)
        headers.append(("Content-Security-Policy", "default-src 'none'; sandbox"))
    }
}
