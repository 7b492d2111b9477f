package import DesiredState

/// How one host speaks: its paths, headers, error bodies and events.
protocol ForgeWire: Sendable {
    /// All requests that it understands, relative to ``apiPath(_:)``.
    var routes: [DoubleRoute] { get }

    /// The path within the interface; nil when a path is none of the interface's.
    func apiPath(_ path: String) -> String?

    /// The path of a repository within a path that asks for git.
    func gitPath(_ path: String) -> String

    /// The credentials of a call.
    func credentials(of call: Call, forGit: Bool) -> Credentials

    /// The answer to credentials that nobody has.
    func badCredentials(_ call: Call) -> Reply

    /// The answer to a token that has ended.
    func endedCredentials(_ call: Call) -> Reply

    /// A failure in the host's own form.
    func failure(_ status: Int, retryAfter: Int?) -> Reply

    /// The answer to whoever has asked too often, without a time.
    func limited() -> Reply

    /// What the world did not do, in the host's own words.
    func reply(to refusal: WorldRefusal, _ call: Call) -> Reply

    /// Headers that every answer of the interface has.
    func standingHeaders(_ call: Call) -> [(name: String, value: String)]

    /// What is sent to whoever wants to know of an event, unsigned.
    func messages(about event: ForgeEvent, baseURL: String) -> [WebhookMessage]
}

/// What a request says about who makes it.
enum Credentials: Equatable {
    case none
    case token(String)
    case basic(user: String, password: String)
}

/// A webhook as a wire words it, before it is signed.
package struct WebhookMessage: Hashable, Sendable {
    /// The host's word for the event.
    package let event: String
    package let body: JSONValue
}

extension ForgeWire {
    func gitPath(_ path: String) -> String { path }
    func standingHeaders(_ call: Call) -> [(name: String, value: String)] { [] }
    func endedCredentials(_ call: Call) -> Reply { badCredentials(call) }
    func limited() -> Reply { failure(429, retryAfter: nil) }
}

extension ForgeType {
    /// How the host speaks.
    func wire(gitLabVersion: String) -> any ForgeWire {
        switch self {
        case .gerrit: GerritWire()
        case .gitlab: GitLabWire(version: gitLabVersion)
        case .github: GitHubWire()
        case .gitee: GiteeWire()
        }
    }
}

extension ForgeWorld {
    /// The project of a path, when whoever asks may do as much there.
    func project(_ path: String, _ call: Call, atLeast level: AccessLevel) throws(WorldRefusal) -> StoredProject {
        try allow(try project(path: path), call, atLeast: level)
    }

    /// A project, when whoever asks may do as much there. To those who may not read it, it does not exist.
    func allow(
        _ project: StoredProject, _ call: Call, atLeast wanted: AccessLevel
    ) throws(WorldRefusal) -> StoredProject {
        let level = level(of: call.account, token: call.token, in: project)
        if level >= wanted { return project }
        if call.account == nil, level >= .read { throw .unauthorized(project.path) }
        throw level < .read ? .noProject(project.path) : .forbidden(project.path)
    }

    /// Whoever asks, when it is somebody.
    func somebody(_ call: Call) throws(WorldRefusal) -> StoredAccount {
        guard let account = call.account else { throw .unauthorized("") }
        return account
    }
}
