import AccessControl
import DesiredState
import Diagnostics
import GitClient
import ReleasePromotion
import StateStore

/// `/api/v1/releases`: releases of control repositories, and what people ask of them.
struct ReleaseRoutes {
    private let requests: any ReleaseRequests
    private let resources: any ResourceDirectory

    init(_ services: ControlServices) {
        requests = services.releases
        resources = services.resources
    }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/api/v1/releases", surface: .control, operation: "listReleases",
                summary: "Releases, with the whole walk of each.", access: .shows, query: Paging.parameters,
                outcomes: [.init(status: 200, summary: "A page of releases.", schema: .page("Resource"))], handle: list),
            Route(
                method: .get, pattern: "/api/v1/releases/{release}", surface: .control, operation: "getRelease",
                summary: "One release, branch by branch: what was merged, and what the next merge would do.",
                access: .needs(.read) { .resource(.release, $0.parameter("release")) },
                outcomes: [.init(status: 200, summary: "The release.", schema: .reference("Resource"))], handle: get),
            Route(
                method: .post, pattern: "/api/v1/releases", surface: .control, operation: "submitRelease",
                summary: "Takes a new release in, as a draft.", access: .needs([.submit], Self.submission),
                body: .record(
                    ["name": .text, "spec": ["type": "object"]], optional: ["actor": .text, "login": .text]),
                bodyLimit: Self.bodyLimit, auditedBody: { $0.members(["name"]) },
                outcomes: [Self.accepted], handle: submit),
            Route(
                method: .post, pattern: "/api/v1/releases/{release}/{command}", surface: .control,
                operation: "askOfRelease",
                summary: "Asks something of a release: approve, promote, rollback, resume, cancel, emergency, accept.",
                access: .needs([.approve, .operate, .withdraw, .expedite]) { call throws(CallFailure) in
                    (try Self.verb(call.parameter("command")), .resource(.release, call.parameter("release")))
                },
                body: .record(
                    [:],
                    optional: [
                        "actor": .text, "login": .text, "target": .text, "tree": .text, "branch": .text,
                        "reason": .text,
                    ]),
                bodyLimit: Self.bodyLimit,
                auditedBody: { $0.members(["target", "tree", "branch", "reason"]) }, outcomes: [Self.accepted],
                handle: ask),
        ]
    }

    private static let bodyLimit = 1 << 20
    private static let kind = ResourceKind.release.rawValue
    private static let accepted = Route.Outcome(
        status: 202, summary: "It is desired now; the pass that is returned answers.",
        schema: .reference("ReconcileTicket"))

    private func list(_ call: Call) async throws -> Answer { try await resources.page(of: Self.kind, for: call) }

    private func get(_ call: Call) async throws -> Answer {
        let name = call.parameter("release")
        guard !name.holds("\0"),
            let found = try await resources.resource(ResourceKey(kind: Self.kind, name: name))
        else {
            throw CallFailure(
                .notFound, "release.unknown", "there is no release \"\(name.visible)\"", hint: "see /api/v1/releases")
        }
        return Answer(ResourceBody.body(found))
    }

    private func submit(_ call: Call) async throws -> Answer {
        let body = try Self.body(call)
        guard let name = body["name"]?.string, let spec = body["spec"], spec.object != nil else {
            throw Self.malformed(#"send {"name": "edge-2026-02", "actor": "alice", "spec": {…}}"#)
        }
        do {
            return Self.ticket(name, try await requests.submit(name, spec, by: try Self.actor(body, call.caller)))
        } catch let error as DiagnosticsError {
            throw CallFailure(.badRequest, error.sluiceError.code.rawValue, error.description)
        }
    }

    private func ask(_ call: Call) async throws -> Answer {
        let body = try Self.body(call)
        let command = try Self.command(call.parameter("command"), body)
        let name = call.parameter("release")
        return Self.ticket(name, try await requests.ask(command, of: name, by: try Self.actor(body, call.caller)))
    }

    private static func ticket(_ name: String, _ pass: Int64) -> Answer {
        Answer(status: .accepted, ["kind": .string(kind), "name": .string(name), "pass": .integer(Int(pass))])
    }

    private static func body(_ call: Call) throws(CallFailure) -> JSONValue {
        guard let body = call.json, body.object != nil else { throw malformed("send a JSON object with an actor") }
        return body
    }

    /// A new release belongs to its control repository already.
    @Sendable private static func submission(_ call: Call) throws(CallFailure) -> RouteAccess.Question {
        let body = try Self.body(call)
        let repository = ResourceKey(
            kind: ResourceKind.controlRepository.rawValue, name: body["spec"]?["repository"]?.string ?? "")
        return (.submit, .resource(.release, body["name"]?.string ?? "", within: repository))
    }

    /// What somebody has to be allowed to ask for it.
    private static func verb(_ command: String) throws(CallFailure) -> Verb {
        switch command {
        case "approve", "accept": .approve
        case "promote", "rollback", "resume": .operate
        case "cancel": .withdraw
        case "emergency": .expedite
        default: throw unknownCommand(command)
        }
    }

    private static func unknownCommand(_ word: String) -> CallFailure {
        CallFailure(
            .notFound, "release.unknown-command", "releases do not know \(word.visible)",
            hint: "there are: approve, promote, rollback, resume, cancel, emergency, accept")
    }

    private static func actor(_ body: JSONValue, _ caller: Caller) throws(CallFailure) -> String {
        let named = try caller.actor(body["actor"]?.string, orElse: body["login"]?.string)
        guard let actor = named, !actor.isEmpty, actor.count <= 100, !actor.hasControlCharacters else {
            throw malformed("actor is who asks: a name of at most 100 characters (--as NAME)")
        }
        return actor
    }

    /// What is asked, read from the last part of the path and the body.
    private static func command(_ word: String, _ body: JSONValue) throws(CallFailure) -> ReleaseCommand {
        switch word {
        case "approve": return .approve(tree: try tree(body))
        case "promote":
            guard let target = body["target"]?.string.flatMap({ ReleaseTarget($0) }) else {
                throw malformed("target is where it should be: a stage, batch/1, …, or complete")
            }
            return .promote(to: target)
        case "rollback": return .rollback
        case "resume": return .resume
        case "cancel": return .cancel
        case "emergency":
            guard let reason = body["reason"]?.string, !reason.isEmpty, reason.count <= 250,
                !reason.hasControlCharacters
            else { throw malformed("reason says why it cannot wait, in one line of at most 250 characters") }
            return .declareEmergency(reason: reason)
        case "accept":
            guard let branch = body["branch"]?.string else { throw malformed("branch is whose result is accepted") }
            return .accept(branch: branch, tree: try tree(body))
        default: throw unknownCommand(word)
        }
    }

    private static func tree(_ body: JSONValue) throws(CallFailure) -> ObjectID {
        guard let tree = body["tree"]?.string.flatMap({ ObjectID(exactly: $0) }) else {
            throw malformed("tree is what was looked at: the 40 digits that the release shows")
        }
        return tree
    }

    private static func malformed(_ hint: String) -> CallFailure {
        CallFailure(.badRequest, "release.malformed", "the request is not understood", hint: hint)
    }
}
