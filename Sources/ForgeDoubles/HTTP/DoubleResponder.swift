import Diagnostics
import Hummingbird
import Logging
import NIOCore

/// Serves one request: looks for what is to go wrong, asks the wire, and writes what it answers.
struct DoubleResponder: HTTPResponder {
    typealias Context = DoubleContext

    let wire: any ForgeWire
    let routes: [DoubleRoute]
    let world: ForgeWorld
    let faults: FaultPlan
    let log: RequestLog
    let webhooks: WebhookSender
    let turnstile: Turnstile

    /// A push of half a gigabyte is no test any more.
    private static let bodyLimit = 512 << 20

    init(
        wire: any ForgeWire, world: ForgeWorld, faults: FaultPlan, log: RequestLog, webhooks: WebhookSender,
        turnstile: Turnstile
    ) {
        self.wire = wire
        self.world = world
        self.faults = faults
        self.log = log
        self.webhooks = webhooks
        self.turnstile = turnstile
        routes = wire.routes
    }

    func respond(to request: Request, context: DoubleContext) async throws -> Response {
        var body: [UInt8] = []
        for try await buffer in request.body {
            guard body.count + buffer.readableBytes <= Self.bodyLimit else { return Response(status: .contentTooLarge) }
            body += buffer.readableBytesView
        }
        guard var call = Call(request.head, body: body) else { return Response(status: .badRequest) }
        if call.path.begins(with: "/-/") {
            guard context.isLocal else { return Response(status: .forbidden) }
            return ReplyWriter.response(await control(call))
        }
        let fault = faults.take(method: call.method, path: call.path, isLaterPage: call.isForLaterPage)
        let reply: Reply?
        switch fault?.effect {
        case .status: reply = wire.failure(fault?.status ?? 500, retryAfter: fault?.retryAfter)
        case .limited: reply = wire.limited()
        case .html: reply = Self.loginPage(fault?.status ?? 200)
        case .echo: reply = Self.echo(call, fault?.status ?? 401)
        case .connectionClosed: reply = nil
        default:
            if let fault, fault.effect.isDisturbance {
                try await turnstile.pass { try await world.disturb(fault) }
            }
            call.pageFault = fault?.effect
            let answer = await answer(call, context)
            reply = fault?.effect == .answerLost ? nil : answer
        }
        log.append(.init(method: call.method, path: call.loggedPath, status: reply?.status ?? 0))
        guard let reply else {
            context.channel.close(mode: .all, promise: nil)
            return Response(status: .serviceUnavailable)
        }
        return ReplyWriter.response(reply, harmedBy: fault, on: context.channel)
    }

    private static func loginPage(_ status: Int) -> Reply {
        .text(
            status, "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in.</body></html>\n",
            type: "text/html; charset=utf-8")
    }

    /// As plain text, which git shows its user. Each field comes twice, its last word by itself the second time.
    private static func echo(_ call: Call, _ status: Int) -> Reply {
        let fields = call.headers.sorted { $0.key < $1.key }.flatMap { name, value in
            ["\(name): \(value)", "\(name) is \(value.words(at: " ").last ?? "")"]
        }
        return .text(
            status,
            "<pre>\(call.method) \(call.path)\n\(fields.joined(separator: "\n"))\n\n"
                + "\(String(decoding: call.body, as: UTF8.self))</pre>\n")
    }

    private func answer(_ call: Call, _ context: DoubleContext) async -> Reply {
        do {
            if let question = GitBackend.Question(path: call.path) { return try await serveGit(question, call) }
            guard let path = wire.apiPath(call.path) else { return wire.failure(404, retryAfter: nil) }
            let call = try await identified(call, forGit: false)
            return try await turnstile.pass { try await route(call, path) }.adding(wire.standingHeaders(call))
        } catch let refusal as WorldRefusal {
            return wire.reply(to: refusal, call).adding(wire.standingHeaders(call))
        } catch let reply as Reply {
            return reply.adding(wire.standingHeaders(call))
        } catch {
            context.logger.error(
                "a request could not be answered",
                metadata: ["path": "\(call.path)", "error": "\(String(reflecting: error))"])
            return wire.failure(500, retryAfter: nil)
        }
    }

    private func route(_ call: Call, _ path: String) async throws -> Reply {
        for route in routes where route.method == call.method {
            guard let parameters = route.pattern.match(path) else { continue }
            var call = call
            call.parameters = parameters
            do {
                return try await route.handle(world, call)
            } catch let refusal as WorldRefusal {
                return wire.reply(to: refusal, call)
            }
        }
        return wire.failure(404, retryAfter: nil)
    }

    /// The call with whoever makes it.
    private func identified(_ call: Call, forGit: Bool) async throws -> Call {
        var call = call
        let text: String
        switch wire.credentials(of: call, forGit: forGit) {
        case .none: return call
        case .token(let token): text = token
        // Gerrit's password belongs to its user. The others look at the token alone; it may stand in either place.
        case .basic(let user, let password):
            let known = await world.holder(of: password)
            if world.type == .gerrit, known?.0.login != user { throw wire.badCredentials(call) }
            text = password
            if known == nil, let other = await world.holder(of: user) {
                guard await !world.hasEnded(other.1) else { throw wire.endedCredentials(call) }
                (call.account, call.token) = other
                return call
            }
        }
        guard let (account, token) = await world.holder(of: text) else { throw wire.badCredentials(call) }
        guard await !world.hasEnded(token) else { throw wire.endedCredentials(call) }
        call.account = account
        call.token = token
        return call
    }

    // MARK: Git

    private static let gitChallenge = [("WWW-Authenticate", "Basic realm=\"Git\"")]

    private func serveGit(_ question: GitBackend.Question, _ call: Call) async throws -> Reply {
        let denied = Reply.text(401, "HTTP Basic: Access denied\n", headers: Self.gitChallenge)
        let known: Call
        do {
            known = try await identified(call, forGit: true)
        } catch is Reply {
            return denied
        }
        let path = wire.gitPath(question.project)
        let isPush = question.isPush(call)
        let project: StoredProject
        do {
            project = try await world.project(path, known, atLeast: isPush ? .write : .read)
        } catch WorldRefusal.forbidden {
            return .text(403, "You are not allowed to push code to this project.\n")
        } catch {
            // Whether there is such a project is told to nobody without a password.
            return known.account == nil ? denied : .text(404, "Repository not found.\n")
        }
        if question.operation == "/git-receive-pack" {
            return try await turnstile.pass { try await world.push(question, known, to: project) }
        }
        _ = try await world.repository(of: project)
        return try await GitBackend(searchPath: world.searchPath).answer(
            question, known, repository: world.repositoryPath(of: project), user: known.account)
    }
}
