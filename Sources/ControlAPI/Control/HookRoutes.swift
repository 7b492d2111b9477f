import DesiredState

/// `/hooks/…`: somebody says that something changed. Only a hint is taken from it: which project to look at.
struct HookRoutes {
    private let requests: any ReconcileRequests

    init(_ requests: any ReconcileRequests) { self.requests = requests }

    var routes: [Route] {
        [
            Route(
                method: .post, pattern: "/hooks/local", surface: .hooks, operation: "localProjectChanged",
                summary: "A repository of a local forge was pushed to. The controller looks for itself what changed.",
                body: .record(["project": .text]),
                outcomes: [.init(status: 202, summary: "It will look, if the project concerns it.")], handle: local)
        ]
    }

    private func local(_ call: Call) async throws -> Answer {
        guard let text = String(validating: call.body, as: UTF8.self), let body = try? JSONValue(parsing: text),
            let project = body["project"]?.string, !project.isEmpty, project.utf8.count <= 255,
            !project.hasControlCharacters
        else {
            throw CallFailure(
                .badRequest, "hook.malformed", "the body is not a notification", hint: #"send {"project": "land"}"#)
        }
        try await requests.projectChanged(project)
        return Answer(status: .accepted)
    }
}
