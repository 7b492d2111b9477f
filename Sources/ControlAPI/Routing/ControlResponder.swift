import AccessControl
import DesiredState
import Diagnostics
import Hummingbird
import Logging
import WorkContext

/// Answers one request: finds its route, checks access and limits, calls the handler and writes what it answers.
///
/// Every path leads to a response: an error becomes one in the form that the route's surface speaks.
struct ControlResponder: HTTPResponder {
    typealias Context = ControlContext

    private let routes: RouteTable
    private let access: AccessPolicy
    private let audit: AuditTrail
    private let clients: ClientAddress
    private let observer: @Sendable (AnsweredRequest) -> Void

    init(
        routes: RouteTable, access: AccessPolicy, audit: AuditTrail, clients: ClientAddress,
        observer: @escaping @Sendable (AnsweredRequest) -> Void = { _ in }
    ) {
        self.routes = routes
        self.access = access
        self.audit = audit
        self.clients = clients
        self.observer = observer
    }

    func respond(to request: Request, context: Context) async throws -> Response {
        let head = RequestHead(request.head)
        let identity = RequestIdentity(head, generated: context.id)
        return await WorkContext.$current.withValue(Self.work(head, identity)) {
            await respond(to: request, head, identity, context)
        }
    }

    /// The trace of whoever asks, when they tell of one: it says nothing of who they are, and is believed.
    private static func work(_ head: RequestHead, _ identity: RequestIdentity) -> WorkContext {
        var generator = SystemRandomNumberGenerator()
        let told = head[TraceContext.header].flatMap { TraceContext(traceparent: $0) }
        return WorkContext(
            trace: told?.child(using: &generator) ?? .begin(using: &generator),
            fields: [.request: identity.requestID])
    }

    private func respond(
        to request: Request, _ head: RequestHead, _ identity: RequestIdentity, _ context: Context
    ) async -> Response {
        let start = ContinuousClock.now
        var known = "unknown"
        var surface = routes.surface(ofPath: head.path)
        var answer: Answer
        do {
            guard let target = RequestTarget(head.target) else { throw CallFailure.malformedTarget }
            let match = routes.match(head.method, target.segments)
            if case .route(let route, _) = match { (surface, known) = (route.surface, route.pattern.template) }
            let address = clients.address(peer: context.peer, forwarded: head["X-Forwarded-For"])
            answer = try await self.answer(request, head, target, match, identity, from: address)
        } catch {
            let failure = CallFailure(error)
            // That too many passwords wait is counted with the answers: a flood of them would fill the log.
            if failure.status.isServerError, failure.code != "password.busy" {
                context.logger.error(
                    "a request could not be answered",
                    metadata: ["path": "\(head.shownPath)", "error": "\(String(reflecting: error))"])
            }
            answer = FailureForm(surface).answer(failure, path: head.shownPath, identity: identity)
        }
        let response = ResponseWriter.response(to: head, answer, surface: surface, identity: identity)
        context.logger.info(
            "answered a request",
            metadata: ["method": "\(head.method)", "path": "\(head.shownPath)", "status": "\(response.status.code)"])
        observer(
            AnsweredRequest(
                // A method that nobody has heard of is no label.
                route: known, method: Route.Method(rawValue: head.method)?.rawValue ?? "other",
                status: response.status.code, duration: .now - start))
        return response
    }

    private func answer(
        _ request: Request, _ head: RequestHead, _ target: RequestTarget, _ match: RouteTable.Match,
        _ identity: RequestIdentity, from address: String?
    ) async throws -> Answer {
        guard case .route(let route, let parameters) = match else {
            // Clients of patch-tracking look there without a word who they are, to see whether somebody answers.
            if routes.surface(ofPath: head.path) == .tracking { throw CallFailure.noRoute(match) }
            // Not even what there is is said to whoever may not come in.
            _ = try await identify(head, address, nil, identity)
            throw CallFailure.noRoute(match)
        }
        // To that tool's clients a slash at the end is another path.
        if route.surface == .tracking, head.path.ends(with: "/") { throw CallFailure.unknownPath }
        let caller = try await identify(head, address, route, identity)
        let bare = Call(parameters: parameters, query: target.query, body: [], headers: head.headers, caller: caller)
        try await refuseUnheard(bare, to: route, identity)
        if route.surface == .control { try route.checkQuery(target.query) }
        let body = route.body == nil ? [] : try await Self.collect(request.body, head, limit: route.bodyLimit)
        let call = Call(
            parameters: parameters, query: target.query, body: body, headers: head.headers, caller: caller)
        return try await admit(call, to: route, identity)
    }

    /// Who asks; nobody, where nothing is asked of them.
    private func identify(
        _ head: RequestHead, _ address: String?, _ route: Route?, _ identity: RequestIdentity
    ) async throws -> Caller {
        switch route?.access {
        case .open, .proven: return Caller(subject: .anonymous(), rules: AccessRules(), address: address)
        case .authenticated, .needs, .asks, .shows, nil: break
        }
        do {
            return try await access.caller(head, at: address)
        } catch let failure as CallFailure {
            try await audit.refuse(
                failure, nil, address: address, route, nil,
                ["path": .string(head.shownPath), "claimed": .optional(access.claimed(head))],
                request: identity.requestID)
            throw failure
        }
    }

    /// Refuses to listen to whoever may do with nothing what the route is for: a body is read of those who might, and only what
    /// they ask for is written down as begun.
    private func refuseUnheard(_ call: Call, to route: Route, _ identity: RequestIdentity) async throws {
        let caller = call.caller
        guard !caller.rules.couldEver(caller.subject, route.access.verbs) else { return }
        let question: RouteAccess.Question?
        switch route.access {
        // What it is about may stand in the body: then whoever proved who they are is heard, and refused afterwards.
        case .needs(_, let ask) where route.body != nil: question = try? ask(call)
        case .asks(let verbs): question = verbs.first.map { ($0, .controller) }
        case .open, .proven, .authenticated, .needs, .shows: return
        }
        do {
            if caller.subject.proof == .none { throw CallFailure.unauthorized(takingPasswords: false) }
            if let (verb, object) = question { try caller.require(verb, object) }
        } catch let failure as CallFailure {
            try await audit.refuse(
                failure, caller, address: caller.address, route, question, route.audited(call),
                request: identity.requestID)
            throw failure
        }
    }

    /// Calls the handler when the caller may do what they ask for, and has both written down.
    private func admit(_ call: Call, to route: Route, _ identity: RequestIdentity) async throws -> Answer {
        var question: RouteAccess.Question?
        if case .needs(_, let ask) = route.access { question = try ask(call) }
        do {
            if let (verb, object) = question { try call.caller.require(verb, object) }
            guard route.isAudited else { return try await route.handle(call) }
        } catch let failure as CallFailure where failure.isRefusal && route.surface != .webhooks {
            try await audit.refuse(
                failure, call.caller, address: call.caller.address, route, question, route.audited(call),
                request: identity.requestID)
            throw failure
        }
        let attempt = try await audit.begin(call, route, question, request: identity.requestID)
        do {
            let answer = try await route.handle(call)
            try await audit.end(attempt, answer.failure)
            return answer
        } catch {
            try await audit.end(attempt, CallFailure(error))
            throw error
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

extension CallFailure {
    /// Why nothing answers.
    fileprivate static func noRoute(_ match: RouteTable.Match) -> CallFailure {
        if case .otherMethods(let methods) = match { return otherMethods(methods) }
        return unknownPath
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
        if path.begins(with: "/versions") || path.begins(with: "/registries") {
            self = .versions
        } else if ["/", "/tracking", "/tracking/", "/issue", "/issue/"].contains(path) {
            self = .tracking
        } else {
            let ofFuel = ["/api/transactions/", "/api/v1/transactions/", "/api/tasks/"].contains {
                path.begins(with: $0)
            }
            self = ofFuel ? .transactions : .control
        }
    }
}
