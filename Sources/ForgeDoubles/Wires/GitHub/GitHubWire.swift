import DesiredState
import Diagnostics
import Foundation

/// GitHub's REST interface, version 2022-11-28, as docs.github.com has it. Below `/api/v3` as on an Enterprise Server,
/// and without a prefix as at api.github.com.
struct GitHubWire: ForgeWire {
    func apiPath(_ path: String) -> String? {
        if path == "/api/graphql" { return "/graphql" }
        return path.begins(with: "/api/v3/") ? String(path.dropFirst("/api/v3".count)) : path
    }

    func credentials(of call: Call, forGit: Bool) -> Credentials {
        Credentials(authorization: call.headers["authorization"])
    }

    func badCredentials(_ call: Call) -> Reply { Self.message(401, "Bad credentials") }

    func limited() -> Reply { Self.message(403, Self.limitText) }

    private static let limitText =
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."

    func failure(_ status: Int, retryAfter: Int?) -> Reply {
        let headers = retryAfter.map { [("Retry-After", String($0))] } ?? []
        let text =
            switch status {
            case 401: "Bad credentials"
            case 403, 429:
                retryAfter == nil
                    ? "Resource not accessible by personal access token"
                    : Self.limitText
            case 404: "Not Found"
            case 409: "Conflict"
            case 502, 503, 504: "Server Error"
            default: "Server Error"
            }
        return Self.message(status, text).adding(headers)
    }

    func reply(to refusal: WorldRefusal, _ call: Call) -> Reply {
        switch refusal {
        case .noProject, .noCandidate, .noIssue, .noComment, .noFile: Self.message(404, "Not Found")
        case .noBranch: Self.message(404, "Branch not found")
        case .noCommit(let name): Self.message(422, "No commit found for SHA: \(name)")
        case .branchExists: Self.message(422, "Reference already exists")
        case .branchProtected: Self.message(422, "Cannot delete this protected branch")
        case .duplicateCandidate:
            Self.invalid([
                "resource": "PullRequest", "code": "custom",
                "message": .string(
                    "A pull request already exists for \(call.parameter("owner")):\(call.text("head") ?? "")."),
            ])
        case .nothingToMerge(let source, let target):
            Self.invalid([
                "resource": "PullRequest", "code": "custom",
                "message": .string("No commits between \(target) and \(source)"),
            ])
        case .headMoved: Self.message(409, "Head branch was modified. Review and try the merge again.")
        case .conflicts, .notOpen, .notMergeable: Self.message(405, "Pull Request is not mergeable")
        case .fileMoved(let path): Self.message(409, "\(path) does not match")
        case .fileExists: Self.message(422, "Invalid request.\n\n\"sha\" wasn't supplied.")
        case .invalid(let reason): Self.message(422, reason)
        case .unauthorized: Self.message(401, "Requires authentication")
        case .forbidden: Self.message(403, "Resource not accessible by personal access token")
        }
    }

    func standingHeaders(_ call: Call) -> [(name: String, value: String)] {
        [
            ("X-GitHub-Media-Type", "github.v3; format=json"), ("X-GitHub-Api-Version-Selected", "2022-11-28"),
            ("X-RateLimit-Limit", "5000"), ("X-RateLimit-Remaining", "4999"), ("X-RateLimit-Used", "1"),
            ("X-RateLimit-Reset", "4102444800"), ("X-RateLimit-Resource", "core"),
        ] + Self.headers(of: call.token)
    }

    /// What the answers to a token say of it: the scopes of classic ones, and when one ends.
    private static func headers(of token: StoredToken?) -> [(name: String, value: String)] {
        let scopes = token?.scopes.map { [("X-OAuth-Scopes", $0.joined(separator: ", "))] } ?? []
        let end = token?.end.map {
            [("github-authentication-token-expiration", WireTime.text($0, as: "%Y-%m-%d %H:%M:%S UTC"))]
        }
        return scopes + (end ?? [])
    }

    static func message(_ status: Int, _ text: String) -> Reply {
        .json(
            status,
            [
                "message": .string(text), "documentation_url": "https://docs.github.com/rest",
                "status": .string(String(status)),
            ])
    }

    static func invalid(_ error: JSONValue) -> Reply {
        .json(
            422,
            [
                "message": "Validation Failed", "errors": [error], "documentation_url": "https://docs.github.com/rest",
                "status": "422",
            ])
    }

    static func time(_ date: Date?) -> JSONValue {
        date.map { .string(WireTime.text($0, as: "%Y-%m-%dT%H:%M:%SZ")) } ?? .null
    }

    static func list<Item>(_ page: ListPage<Item>, _ call: Call, _ body: (Item) -> JSONValue) -> Reply {
        let headers = page.link(call).map { [("Link", $0)] } ?? []
        return .json(200, .array(page.items.map(body)), headers: headers)
    }

    func page<Item>(_ all: [Item], _ world: isolated ForgeWorld, _ call: Call) -> ListPage<Item> {
        ListPage(of: all, call, size: 30, limit: world.pageLimit ?? 100)
    }

    /// The repository of a call, when whoever asks may do as much there.
    func find(
        _ world: isolated ForgeWorld, _ call: Call, atLeast level: AccessLevel = .read
    ) throws(WorldRefusal) -> StoredProject {
        try world.project("\(call.parameter("owner"))/\(call.parameter("repo"))", call, atLeast: level)
    }

    func candidate(
        _ world: isolated ForgeWorld, _ call: Call, in project: StoredProject
    ) throws(WorldRefusal) -> StoredCandidate {
        try world.candidate(Int(call.parameter("number")) ?? 0, of: project)
    }
}
