import AccessControl
import ConfigRepository
import DesiredState
import Diagnostics
import StateStore

/// `/api/v1/configuration`: what changed in desired state, by which commit of whom.
struct ConfigurationRoutes {
    private let changes: any ConfigurationChanges
    private let requests: any ConfigurationRequests

    /// How large all files of a request may be together with what is around them, in bytes.
    static let bodyLimit = 8 << 20

    init(_ services: ControlServices) {
        changes = services.changes
        requests = services.configuration
    }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/api/v1/configuration/changes", surface: .control,
                operation: "listConfigurationChanges", summary: "Changes of desired state, newest first.",
                access: .shows,
                query: [
                    .init(name: "kind", summary: "Together with name: only changes of this object."),
                    .init(name: "name", summary: "Together with kind: only changes of this object."),
                ] + Paging.parameters,
                outcomes: [
                    .init(status: 200, summary: "A page of changes.", schema: .page("ConfigurationChange"))
                ], handle: list),
            Route(
                method: .get, pattern: "/api/v1/configuration/changes/{id}", surface: .control,
                operation: "getConfigurationChange", summary: "One change of desired state.",
                access: .shows,
                outcomes: [
                    .init(status: 200, summary: "The change.", schema: .reference("ConfigurationChange"))
                ], handle: get),
            Route(
                method: .post, pattern: "/api/v1/configuration/apply", surface: .control,
                operation: "applyConfiguration",
                summary: "Brings manifests into force beside what the controller reads, all of them or none.",
                access: .needs(.apply),
                query: [
                    .init(name: "dryRun", summary: "Only show what would change.", schema: ["type": "boolean"]),
                    .init(
                        name: "prune", summary: "Whether what was applied before goes when it is not named.",
                        schema: ["type": "boolean"]),
                    .init(
                        name: "confirmDeletions", summary: "How many resources may go beyond the budget.",
                        schema: ["type": "integer", "minimum": 1, "maximum": 10_000]),
                ],
                body: .record(
                    ["files": ["type": "array", "items": .record(["path": .text, "text": .text])]],
                    optional: ["author": .text, "login": .text]),
                bodyLimit: Self.bodyLimit, auditedBody: Self.audited,
                outcomes: [
                    .init(
                        status: 200, summary: "What became of which object.", schema: .reference("AppliedConfiguration")
                    )
                ], handle: apply),
        ]
    }

    private func apply(_ call: Call) async throws -> Answer {
        guard let body = call.json, let files = body["files"]?.array else { throw Self.malformed }
        let request = ConfigurationByHand.Request(
            files: try files.map { file throws(CallFailure) in
                guard let path = file["path"]?.string, let text = file["text"]?.string, !path.hasControlCharacters
                else {
                    throw Self.malformed
                }
                return DesiredStateFile(path: path, bytes: Array(text.utf8))
            },
            prunes: try call.flag("prune"), isDryRun: try call.flag("dryRun"),
            confirmedDeletions: try call.number("confirmDeletions", in: 1...10_000) ?? 0,
            author: try call.caller.actor(body["author"]?.string, orElse: body["login"]?.string).map {
                String($0.visible.prefix(200))
            })
        do {
            let outcome = try await requests.apply(request)
            return Answer([
                "change": outcome.change.map { .integer(Int($0)) } ?? .null,
                "summary": .string(outcome.delta.summary),
                "resources": .array(outcome.delta.entries.map(Self.entry)),
                "kept": .array(outcome.delta.kept.map { .string($0.description) }),
            ])
        } catch let error as DiagnosticsError {
            throw CallFailure(
                .badRequest, error.sluiceError.code.rawValue, error.description)
        }
    }

    private static let malformed = CallFailure(
        .badRequest, "configuration.malformed", "the body is no list of files",
        hint: #"send {"files": [{"path": "land.yaml", "text": "…"}]}"#)

    private func list(_ call: Call) async throws -> Answer {
        let object = try call.objectFilter
        let page = call.mayAsk(of: object) ? try await changes.list(of: object, page: try Paging.page(call)) : .empty
        return Answer(
            Paging.body(page.only { Self.isSeen($0, by: call.caller) }) { Self.body($0, for: call.caller) })
    }

    /// Of what is applied the log keeps which files there were; what they said is kept with the change.
    private static func audited(_ call: Call) -> JSONValue {
        let paths = (call.json?["files"]?.array ?? []).compactMap { $0["path"]?.string }
        return ["files": .array(paths.prefix(100).map { .string(String($0.prefix(200))) })]
    }

    private static func isSeen(_ change: ConfigurationChange, by caller: Caller) -> Bool {
        change.entries.contains { caller.sees($0.key) }
    }

    private func get(_ call: Call) async throws -> Answer {
        guard let id = Int64(call.parameter("id")), id > 0, let change = try await changes.change(id),
            Self.isSeen(change, by: call.caller)
        else {
            throw CallFailure(.notFound, "configuration.unknown-change", "there is no such change of desired state")
        }
        return Answer(Self.body(change, for: call.caller))
    }

    /// A change as it is answered: with those of its objects that the caller may see.
    static func body(_ change: ConfigurationChange, for caller: Caller) -> JSONValue {
        [
            "id": .integer(Int(change.id)), "source": .string(change.source),
            "revision": .string(change.revision.id), "author": .optional(change.revision.author),
            "subject": .optional(change.revision.subject), "authoredAt": .time(change.revision.authoredAt),
            "appliedAt": .time(change.appliedAt),
            "resources": .array(change.entries.filter { caller.sees($0.key) }.map(entry)),
        ]
    }

    /// What became of an object, as it is answered.
    static func entry(_ entry: ConfigurationEntry) -> JSONValue {
        [
            "kind": .string(entry.key.kind), "name": .string(entry.key.name), "effect": .string(entry.effect.rawValue),
            "generation": entry.generation.map { .integer(Int($0)) } ?? .null,
            "fields": .array(
                entry.fields.map {
                    ["path": .string($0.path), "before": $0.before ?? .null, "after": $0.after ?? .null]
                }),
        ]
    }

    static let schemas: [String: JSONValue] = [
        "ConfigurationChange": .record([
            "id": .whole, "source": .text, "revision": .text, "author": .textOrNull, "subject": .textOrNull,
            "authoredAt": .timeOrNull, "appliedAt": .time, "resources": .list("ConfigurationEntry"),
        ]),
        "AppliedConfiguration": .record([
            "change": .wholeOrNull, "summary": .text, "resources": .list("ConfigurationEntry"),
            "kept": ["type": "array", "items": .text],
        ]),
        "ConfigurationEntry": .record([
            "kind": .text, "name": .text, "effect": .words(ConfigurationEntry.Effect.allCases.map(\.rawValue)),
            "generation": .wholeOrNull,
            "fields": ["type": "array", "items": .record(["path": .text, "before": [:], "after": [:]])],
        ]),
    ]
}
