import DesiredState
import Diagnostics
import Foundation

/// Gitee's OpenAPI, version 5, as drone/go-scm's recorded answers (scm/driver/gitee/testdata) look. It has no statuses of
/// commits, and pages are counted in headers without an `X-`.
struct GiteeWire: ForgeWire {
    func apiPath(_ path: String) -> String? {
        path.begins(with: "/api/v5/") ? String(path.dropFirst("/api/v5".count)) : nil
    }

    func credentials(of call: Call, forGit: Bool) -> Credentials {
        if let token = call.text("access_token") { return .token(token) }
        return Credentials(authorization: call.headers["authorization"])
    }

    func badCredentials(_ call: Call) -> Reply {
        Self.message(401, "401 Unauthorized: Access token does not exist")
    }

    func failure(_ status: Int, retryAfter: Int?) -> Reply {
        let headers = retryAfter.map { [("Retry-After", String($0))] } ?? []
        let text =
            switch status {
            case 401: "401 Unauthorized: Access token is expired"
            case 403: "403 Forbidden"
            case 404: "404 Not Found"
            case 429: "429 Too Many Requests"
            default: "\(status) Internal Server Error"
            }
        return Self.message(status, text).adding(headers)
    }

    func reply(to refusal: WorldRefusal, _ call: Call) -> Reply {
        switch refusal {
        case .noProject: Self.message(404, "404 Project Not Found")
        case .noCandidate, .noIssue, .noComment, .noFile, .noCommit: Self.message(404, "404 Not Found")
        case .noBranch: Self.message(404, "404 Branch Not Found")
        case .branchExists: Self.message(400, "分支名已存在")
        case .branchProtected: Self.message(403, "403 Forbidden")
        case .duplicateCandidate: Self.message(400, "已存在相同源分支、目标分支的 Pull Request")
        case .nothingToMerge: Self.message(400, "源分支与目标分支没有差异")
        case .headMoved: Self.message(409, "409 Conflict")
        case .conflicts, .notMergeable, .notOpen: Self.message(400, "此 Pull Request 不能被合并")
        case .fileMoved, .fileExists: Self.message(400, "400 Bad Request")
        case .invalid(let reason): Self.message(400, reason)
        case .unauthorized: Self.message(401, "401 Unauthorized: Access token is required")
        case .forbidden: Self.message(403, "403 Forbidden")
        }
    }

    static func message(_ status: Int, _ text: String) -> Reply { .json(status, ["message": .string(text)]) }

    /// Peking time, as Gitee writes it.
    static func time(_ date: Date?) -> JSONValue {
        date.map { .string(WireTime.text($0, as: "%Y-%m-%dT%H:%M:%S+08:00", offset: 8 * 3600)) } ?? .null
    }

    static func list<Item>(_ page: ListPage<Item>, _ call: Call, _ body: (Item) -> JSONValue) -> Reply {
        .json(
            200, .array(page.items.map(body)),
            headers: [("total_page", String(page.pages)), ("total_count", String(page.total))])
    }

    func page<Item>(_ all: [Item], _ world: isolated ForgeWorld, _ call: Call) -> ListPage<Item> {
        ListPage(of: all, call, size: 20, limit: world.pageLimit ?? 100)
    }

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
