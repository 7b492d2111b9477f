import DesiredState
import Diagnostics
import Foundation

/// Gerrit Code Review, as `Documentation/rest-api*.txt` has it: `/a/` for those with a password, a line that no script
/// can run before every JSON document, plain text for errors.
struct GerritWire: ForgeWire {
    func apiPath(_ path: String) -> String? {
        path.begins(with: "/a/") ? String(path.dropFirst(2)) : path
    }

    func gitPath(_ path: String) -> String { path.begins(with: "a/") ? String(path.dropFirst(2)) : path }

    /// Without `/a/` everybody is anonymous, whatever they send; git may ask for the password without it.
    func credentials(of call: Call, forGit: Bool) -> Credentials {
        guard forGit || call.path.begins(with: "/a/") else { return .none }
        return Credentials(authorization: call.headers["authorization"])
    }

    func badCredentials(_ call: Call) -> Reply {
        .text(401, "Unauthorized", headers: [("WWW-Authenticate", "Basic realm=\"Gerrit Code Review\"")])
    }

    func failure(_ status: Int, retryAfter: Int?) -> Reply {
        let text =
            switch status {
            case 401: "Unauthorized"
            case 403: "not permitted"
            case 404: "Not found"
            case 409: "change is new"
            // The quota plugin: com.googlesource.gerrit.plugins.quota.
            case 429: "Quota exceeded"
            case 503: "Lock failure"
            default: "Internal server error"
            }
        return .text(status, text, headers: retryAfter.map { [("Retry-After", String($0))] } ?? [])
    }

    func reply(to refusal: WorldRefusal, _ call: Call) -> Reply {
        switch refusal {
        case .noProject(let name), .noCandidate(let name), .noIssue(let name), .noBranch(let name),
            .noCommit(let name), .noFile(let name):
            .text(404, "Not found: \(name)")
        case .noComment: .text(404, "Not found")
        case .branchExists(let name): .text(409, "branch \"refs/heads/\(name)\" already exists")
        case .branchProtected(let name): .text(403, "not permitted: delete on refs/heads/\(name)")
        case .duplicateCandidate, .nothingToMerge, .fileMoved, .fileExists: .text(409, "conflict")
        case .headMoved(let expected, _): .text(409, "revision \(expected) is not current revision")
        case .conflicts:
            .text(
                409,
                """
                Failed to submit 1 change due to the following problems:
                Change \(call.parameter("id")): Change could not be merged due to a path conflict.

                Please rebase the change locally and upload the rebased commit for review.
                """)
        case .notOpen(let state): .text(409, "change is \(Self.word(state).lowercased())")
        case .notMergeable(let reason):
            .text(
                409,
                "Failed to submit 1 change due to the following problems:\nChange \(call.parameter("id")): \(reason)")
        case .invalid(let reason): .text(400, reason)
        case .unauthorized:
            call.path.begins(with: "/a/") ? badCredentials(call) : .text(403, "Authentication required")
        case .forbidden(let what): .text(403, what.contains(" ") ? what : "not permitted")
        }
    }

    func standingHeaders(_ call: Call) -> [(name: String, value: String)] {
        [("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate")]
    }

    static func word(_ state: StoredCandidate.State) -> String {
        switch state {
        case .open: "NEW"
        case .merged: "MERGED"
        case .closed: "ABANDONED"
        }
    }

    static func json(_ status: Int = 200, _ value: JSONValue) -> Reply {
        .json(status, value, type: "application/json; charset=UTF-8", prefix: ")]}'\n")
    }

    /// `2026-03-02 08:15:04.000000000`, UTC.
    static func time(_ date: Date) -> JSONValue { .string(WireTime.text(date, as: "%Y-%m-%d %H:%M:%S.000000000")) }
}

extension Credentials {
    /// What an `Authorization` header says.
    init(authorization: String?) {
        let parts = (authorization ?? "").words(at: " ", maxSplits: 1)
        guard parts.count == 2, let scheme = parts.first?.lowercased(), let value = parts.last else {
            self = .none
            return
        }
        guard scheme == "basic" else {
            self = .token(value.trimming(" "))
            return
        }
        let text = Data(base64Encoded: String(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let pair = text.parts(at: ":", maxSplits: 1)
        self = .basic(user: String(pair.first ?? ""), password: pair.count == 2 ? String(pair[1]) : "")
    }
}
