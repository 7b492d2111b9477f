import AccessControl
import DesiredState
import Diagnostics
import UpstreamTracking

/// `/tracking` and `/issue`: the interface of openEuler's patch-tracking, on upstreams, so that its command line goes on
/// working. `docs/reference/old-tracking-interface.md` lists where answers differ.
///
/// Reading needs no password there, and changing does: here the rules of access hold as for everything else, and nobody reads more
/// than they see. Every answer is an envelope with HTTP status 200, written as `text/html`, and its code says how it went.
struct TrackingRoutes {
    private let desk: any TrackingDesk

    init(_ desk: any TrackingDesk) { self.desk = desk }

    var routes: [Route] {
        [
            route(.get, "/tracking", "listTracking", "The items.", .shows, list),
            route(
                .post, "/tracking", "putTracking", "Brings an item into force.", .asks([.submit, .operate]),
                reads: true,
                put),
            route(.delete, "/tracking", "deleteTracking", "Takes items out.", .asks([.withdraw]), remove),
            route(.get, "/issue", "listTrackingIssues", "The issues.", .shows, issues),
        ]
    }

    private func route(
        _ method: Route.Method, _ pattern: RoutePattern, _ operation: String, _ summary: String, _ access: RouteAccess,
        reads: Bool = false, _ handle: @escaping @Sendable (Call) async throws -> Answer
    ) -> Route {
        Route(
            method: method, pattern: pattern, surface: .tracking, operation: operation, summary: summary,
            access: access,
            query: ["repo", "branch", "enabled"].map { .init(name: $0, summary: "Only items with this.") },
            body: reads ? ["type": "object"] : nil,
            bodyLimit: 64 << 10,
            auditedBody: { $0.members(Self.fields) },
            outcomes: [.init(status: 200, summary: "An envelope.")], handle: handle)
    }

    private func list(_ call: Call) async throws -> Answer {
        guard let filter = Self.filter(call, ["repo", "branch", "enabled"]) else { return .wrongParameters }
        let enabled = filter["enabled"].map { $0 == "true" }
        let items = try await desk.items().filter { call.caller.sees(.upstream($0.name)) }.map(\.item).filter { item in
            filter["repo"].map { $0 == item.repo } ?? true && filter["branch"].map { $0 == item.branch } ?? true
                && enabled.map { $0 == item.enabled } ?? true
        }
        return .envelope(.success, .array(items.map(\.json)))
    }

    private func issues(_ call: Call) async throws -> Answer {
        guard let filter = Self.filter(call, ["repo", "branch"]) else { return .wrongParameters }
        let issues = try await desk.issues().filter { call.caller.sees(.upstream($0.name)) }.map(\.issue).filter {
            issue in
            filter["repo"].map { $0 == issue.repo } ?? true && filter["branch"].map { $0 == issue.branch } ?? true
        }
        return .envelope(
            .success,
            .array(
                issues.map {
                    ["issue": .string($0.issue), "repo": .string($0.repo), "branch": .string($0.branch)]
                }))
    }

    private func put(_ call: Call) async throws -> Answer {
        guard let body = call.json else {
            throw CallFailure(.badRequest, "patch-tracking.body-malformed", "the body is no JSON")
        }
        let item: TrackingItem
        do { item = try TrackingItem(json: body) } catch { return .envelope(.parameters, because: CallFailure(error)) }
        do {
            let (name, isThere) = try await desk.upstream(of: item)
            if isThere {
                try call.caller.require(.operate, .resource(.upstream, name))
            } else {
                let forge = ResourceKey(kind: ResourceKind.forge.rawValue, name: try await desk.forge(of: item))
                try call.caller.require(.submit, .resource(.upstream, name, within: forge))
            }
            try await desk.put(item, by: call.caller.subject.name)
        } catch let error as DiagnosticsError {
            return .envelope(.insertion, because: CallFailure(error.sluiceError))
        } catch let error as SluiceError where error.kind != .transient {
            return .envelope(
                error.code == "patch-tracking.item-invalid" ? .parameters : .insertion, because: CallFailure(error))
        }
        return .envelope(.success, body)
    }

    private func remove(_ call: Call) async throws -> Answer {
        guard let filter = Self.filter(call, ["repo", "branch"]), let repo = filter["repo"] else {
            return .wrongParameters
        }
        do {
            // What one does not see is not there.
            let names = try await desk.upstreams(repo: repo, branch: filter["branch"]).filter {
                call.caller.sees(.upstream($0))
            }
            for name in names { try call.caller.require(.withdraw, .resource(.upstream, name)) }
            for name in names { try await desk.remove(name, by: call.caller.subject.name) }
            return names.isEmpty ? .nothing : .envelope(.success)
        } catch let error as SluiceError where error.kind != .transient {
            return .envelope(.deletion, because: CallFailure(error))
        }
    }

    /// What is asked for; nil when it has a name that is not known.
    private static func filter(_ call: Call, _ names: Set<String>) -> [String: String]? {
        guard call.query.allSatisfy({ names.contains($0.name) }) else { return nil }
        return Dictionary(call.query.map { ($0.name, $0.value) }) { first, _ in first }
    }

    /// What belongs to an item, and so is all that the log keeps of one.
    private static let fields = [
        "version_control", "scm_repo", "scm_branch", "scm_commit", "repo", "branch", "enabled",
    ]
}

/// How it went, in that tool's codes.
private enum TrackingCode: String {
    case success = "2001"
    case parameters = "4001"
    case deletion = "6001"
    case insertion = "6004"
    case nothing = "6005"

    var message: String {
        switch self {
        case .success: "Successful Operation!"
        case .parameters: "Please enter the correct parameters"
        case .deletion: "Failed to delete database"
        case .insertion: "Failed to insert database"
        case .nothing: "The tracking you want to delete does not exist"
        }
    }
}

extension Answer {
    fileprivate static func envelope(_ code: TrackingCode, _ data: JSONValue = .null) -> Answer {
        envelope(code, code.message, data, nil)
    }

    /// - Parameter failure: What there is to say beyond that tool's words.
    fileprivate static func envelope(_ code: TrackingCode, because failure: CallFailure) -> Answer {
        envelope(code, "\(code.message): \(failure.message)", .null, failure)
    }

    /// What is asked for has an unknown parameter, or lacks one.
    fileprivate static var wrongParameters: Answer {
        let code = TrackingCode.parameters
        return envelope(
            code, code.message, .null, CallFailure(.badRequest, "patch-tracking.parameters-wrong", code.message))
    }

    /// There is no such item.
    fileprivate static var nothing: Answer {
        let code = TrackingCode.nothing
        return envelope(code, code.message, .null, CallFailure(.notFound, "upstream.unknown", code.message))
    }

    private static func envelope(
        _ code: TrackingCode, _ message: String, _ data: JSONValue, _ failure: CallFailure?
    ) -> Answer {
        let body: JSONValue = ["code": .string(code.rawValue), "msg": .string(message), "data": data]
        var answer = Answer()
        answer.failure = failure
        // It is JSON that says it is a page: nothing in it may be taken for one.
        answer.show(page: body.canonicalText.replacingAll("<", with: "\\u003c").replacingAll(">", with: "\\u003e"))
        return answer
    }
}

extension ResourceKey {
    fileprivate static func upstream(_ name: String) -> ResourceKey {
        ResourceKey(kind: ResourceKind.upstream.rawValue, name: name)
    }
}
