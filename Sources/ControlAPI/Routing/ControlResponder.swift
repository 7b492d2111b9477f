import DesiredState
import Diagnostics
import Hummingbird
import Logging

/// Answers one request: finds its route, checks access and limits, calls the handler and writes what it answers.
///
/// Every path leads to a response: an error becomes one in the form that the route's surface speaks.
struct ControlResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    private let routes: RouteTable
    private let access: AccessPolicy

    init(routes: RouteTable, access: AccessPolicy) {
        self.routes = routes
        self.access = access
    }

    func respond(to request: Request, context: Context) async throws -> Response {
        let head = RequestHead(request.head)
        let identity = RequestIdentity(head, generated: context.id)
        var surface = Route.Surface(ofPath: head.path)
        var answer: Answer
        do {
            guard let target = RequestTarget(head.target) else { throw CallFailure.malformedTarget }
            let match = routes.match(head.method, target.segments)
            if case .route(let route, _) = match { surface = route.surface }
            try access.check(head, for: surface)
            answer = try await self.answer(request, head, target, match)
        } catch {
            let failure = CallFailure(error)
            if failure.status.isServerError {
                context.logger.error(
                    "a request could not be answered",
                    metadata: ["path": "\(head.shownPath)", "error": "\(String(reflecting: error))"])
            }
            answer = FailureForm(surface).answer(failure, path: head.shownPath, identity: identity)
        }
        return ResponseWriter.response(to: head, answer, surface: surface, identity: identity)
    }

    private func answer(
        _ request: Request, _ head: RequestHead, _ target: RequestTarget, _ match: RouteTable.Match
    ) async throws -> Answer {
        switch match {
        case .nothing: throw CallFailure.unknownPath
        case .otherMethods(let methods): throw CallFailure.otherMethods(methods)
        case .route(let route, let parameters):
            if route.surface == .control { try route.checkQuery(target.query) }
            let body = route.body == nil ? [] : try await Self.collect(request.body, head, limit: route.bodyLimit)
            return try await route.handle(
                Call(parameters: parameters, query: target.query, body: body, headers: head.headers))
        }
    }

    private static func collect(_ body: RequestBody, _ head: RequestHead, limit: Int) async throws -> [UInt8] {
        // What is said to be too large is not read at all.
        guard head.declaredLength ?? 0 <= limit else { throw CallFailure.bodyTooLarge(limit: limit) }
        var bytes: [UInt8] = []
        do {
            for try await buffer in body {
                guard bytes.count + buffer.readableBytes <= limit else { throw CallFailure.bodyTooLarge(limit: limit) }
                bytes += buffer.readableBytesView
            }
        } catch let failure as CallFailure {
            throw failure
        } catch {
            // It broke off, or its chunks are none: the sender's fault, or the network's.
            throw CallFailure.bodyBroken
        }
        return bytes
    }
}

extension Route {
    /// Refuses a parameter that the route does not have: a filter that is misspelt must not mean "no filter".
    fileprivate func checkQuery(_ query: [(name: String, value: String)]) throws(CallFailure) {
        let known = self.query.map(\.name)
        guard let unknown = query.first(where: { !known.contains($0.name) })?.name else { return }
        let nearest = Suggestion.nearest(to: unknown, in: known).map { "did you mean \($0)?" }
        let list = known.isEmpty ? "there are none" : "there are: \(known.joined(separator: ", "))"
        throw CallFailure(
            .badRequest, "api.unknown-parameter", "the query has an unknown parameter", hint: nearest ?? list)
    }
}

extension Route.Surface {
    /// The surface that a path without a route would belong to.
    init(ofPath path: String) {
        if path.hasPrefix("/versions") || path.hasPrefix("/registries") {
            self = .versions
        } else {
            let ofFuel = ["/api/transactions/", "/api/v1/transactions/", "/api/tasks/"].contains { path.hasPrefix($0) }
            self = ofFuel ? .transactions : .control
        }
    }
}
