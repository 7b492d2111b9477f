import DesiredState
import Diagnostics
import Foundation
import GitClient

/// GitLab's REST interface, version 4, as doc/api/*.md has it and go-gitlab's recorded answers look.
struct GitLabWire: ForgeWire {
    /// The version that the server says it has. Before 15.6 there is no `detailed_merge_status`, before 13.0 no `add_labels`.
    let version: String

    var hasDetailedMergeStatus: Bool { isAtLeast(15, 6) }

    /// Whether merge requests have reviewers (gitlab-org/gitlab!47605).
    var hasReviewers: Bool { isAtLeast(13, 8) }

    /// Whether single labels can be put on a merge request and taken away (gitlab-org/gitlab!31522); before, only the whole
    /// list can be set.
    var hasLabelEdits: Bool { isAtLeast(13, 0) }

    /// Whether a token can be asked about itself (doc/api/personal_access_tokens.md).
    var hasTokenInformation: Bool { isAtLeast(15, 5) }

    func isAtLeast(_ major: Int, _ minor: Int) -> Bool {
        let parts = version.words(at: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
        return (parts.first ?? 0, parts.dropFirst().first ?? 0) >= (major, minor)
    }

    func apiPath(_ path: String) -> String? {
        path.begins(with: "/api/v4/") ? String(path.dropFirst("/api/v4".count)) : nil
    }

    func credentials(of call: Call, forGit: Bool) -> Credentials {
        if let token = call.headers["private-token"] ?? call.value("private_token") { return .token(token) }
        return Credentials(authorization: call.headers["authorization"])
    }

    func badCredentials(_ call: Call) -> Reply {
        Self.message(401, "401 Unauthorized")
    }

    func endedCredentials(_ call: Call) -> Reply {
        .json(
            401,
            [
                "error": "invalid_token",
                "error_description": "Token is expired. You can either do re-authorization or token refresh.",
            ])
    }

    func failure(_ status: Int, retryAfter: Int?) -> Reply {
        let headers = retryAfter.map { [("Retry-After", String($0))] } ?? []
        switch status {
        // user_and_ip_rate_limits.md: the body of a limit is plain text.
        case 429: return .text(429, "Retry later\n", headers: headers)
        case 403: return Self.message(403, "403 Forbidden").adding(headers)
        case 404: return Self.message(404, "404 Not Found").adding(headers)
        case 409: return Self.message(409, "409 Conflict").adding(headers)
        case 401: return Self.message(401, "401 Unauthorized").adding(headers)
        default: return Self.message(status, "\(status) Internal Server Error").adding(headers)
        }
    }

    func reply(to refusal: WorldRefusal, _ call: Call) -> Reply {
        switch refusal {
        case .noProject: Self.message(404, "404 Project Not Found")
        case .noCandidate: Self.message(404, "404 Not found")
        case .noIssue: Self.message(404, "404 Issue Not Found")
        case .noComment: Self.message(404, "404 Note Not Found")
        case .noBranch: Self.message(404, "404 Branch Not Found")
        case .noCommit: Self.message(404, "404 Commit Not Found")
        case .noFile: Self.message(404, "404 File Not Found")
        case .branchExists: Self.message(400, "Branch already exists")
        case .branchProtected: Self.message(403, "403 Forbidden")
        case .duplicateCandidate(let number):
            .json(
                409,
                [
                    "message": [
                        .string("Another open merge request already exists for this source branch: !\(number)")
                    ]
                ])
        case .nothingToMerge, .notOpen, .notMergeable: Self.message(405, "405 Method Not Allowed")
        case .headMoved(_, let head):
            Self.message(409, "SHA does not match HEAD of source branch: \(head?.hex ?? "")")
        // Conflicts were 406 in the documents up to 14 and are 405 since (gitlab#364102).
        case .conflicts:
            isAtLeast(15, 0)
                ? Self.message(405, "405 Method Not Allowed") : Self.message(406, "Branch cannot be merged")
        case .fileMoved: Self.message(400, "You are attempting to update a file that has changed since you started.")
        case .fileExists: Self.message(400, "A file with this name already exists")
        case .invalid(let reason): Self.message(400, reason)
        case .unauthorized: Self.message(401, "401 Unauthorized")
        case .forbidden: Self.message(403, "403 Forbidden")
        }
    }

    func standingHeaders(_ call: Call) -> [(name: String, value: String)] {
        [
            ("X-Request-Id", "01HDOUBLE"), ("RateLimit-Limit", "7200"), ("RateLimit-Observed", "1"),
            ("RateLimit-Remaining", "7199"), ("RateLimit-Reset", "4102444800"),
        ]
    }

    static func message(_ status: Int, _ text: String) -> Reply { .json(status, ["message": .string(text)]) }

    static func time(_ date: Date?) -> JSONValue {
        date.map { .string(WireTime.text($0, as: "%Y-%m-%dT%H:%M:%S.000Z")) } ?? .null
    }

    /// A page with the headers that `Gitlab::Pagination::OffsetHeaderBuilder` writes.
    static func list<Item>(_ page: ListPage<Item>, _ call: Call, _ body: (Item) -> JSONValue) -> Reply {
        var headers = [
            ("X-Page", String(page.number)), ("X-Per-Page", String(page.size)),
            ("X-Next-Page", page.next.map(String.init) ?? ""),
            ("X-Prev-Page", page.number > 1 ? String(page.number - 1) : ""),
            ("X-Total", String(page.total)), ("X-Total-Pages", String(page.pages)),
        ]
        if let link = page.link(call) { headers.append(("Link", link)) }
        return .json(200, .array(page.items.map(body)), headers: headers)
    }

    func page<Item>(_ all: [Item], _ world: isolated ForgeWorld, _ call: Call) -> ListPage<Item> {
        ListPage(of: all, call, size: 20, limit: world.pageLimit ?? 100)
    }
}
