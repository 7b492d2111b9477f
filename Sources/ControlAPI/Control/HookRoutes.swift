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
                body: .record([:], optional: ["project": .text, "repository": .text]),
                outcomes: [.init(status: 202, summary: "It will look, if the project concerns it.")], handle: local)
        ]
    }

    private func local(_ call: Call) async throws -> Answer {
        guard let text = String(validating: call.body, as: UTF8.self), let body = try? JSONValue(parsing: text) else {
            throw Self.malformed
        }
        switch (body["project"]?.string, body["repository"]?.string) {
        case (let project?, nil) where Self.isName(project, limit: 255): try await requests.projectChanged(project)
        case (nil, let path?) where Self.isName(path, limit: 4000): try await requests.repositoryChanged(path)
        default: throw Self.malformed
        }
        return Answer(status: .accepted)
    }

    private static func isName(_ text: String, limit: Int) -> Bool {
        !text.isEmpty && text.utf8.count <= limit && !text.hasControlCharacters
    }

    private static var malformed: CallFailure {
        CallFailure(
            .badRequest, "hook.malformed", "the body is not a notification",
            hint: #"send {"project": "land"} or {"repository": "/srv/git/land.git"}"#)
    }
}
