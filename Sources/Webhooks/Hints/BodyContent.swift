import Diagnostics
import Foundation

/// The few things that are looked for in a body.
struct BodyContent {
    var event: String?
    var project: String?
    var addresses: Set<RepositoryAddress> = []
    var reference: String?
    var candidate: String?

    /// GitHub: `push`, `pull_request`, `create`, `delete`. What happened stands in a header only.
    static func github(_ body: BodyFields) -> BodyContent {
        let repository = body.object("repository")
        return BodyContent(
            project: repository?.text("full_name"),
            addresses: repository?.addresses("clone_url", "ssh_url", "html_url") ?? [],
            reference: body.text("ref").map(Self.fullReference(body.text("ref_type"))),
            candidate: body.object("pull_request")?.number("number") ?? body.number("number"))
    }

    /// GitLab: `push`, `merge_request`. A fork's merge request names the project that it is proposed to.
    static func gitlab(_ body: BodyFields) -> BodyContent {
        let project = body.object("project")
        return BodyContent(
            event: body.text(anyOf: "object_kind", "event_name").flatMap { EventName.plain($0) },
            project: project?.text("path_with_namespace"),
            addresses: project?.addresses("git_http_url", "git_ssh_url", "web_url") ?? [],
            reference: body.text("ref"), candidate: body.object("object_attributes")?.number("iid"))
    }

    /// Gitee: `push_hooks`, `merge_request_hooks`.
    static func gitee(_ body: BodyFields) -> BodyContent {
        let repository = body.object("repository") ?? body.object("project")
        return BodyContent(
            event: body.text("hook_name").flatMap { EventName.plain($0) },
            project: repository?.text(anyOf: "full_name", "path_with_namespace"),
            addresses: repository?.addresses("clone_url", "git_http_url", "ssh_url", "html_url") ?? [],
            reference: body.text("ref"),
            candidate: body.object("pull_request")?.number("number") ?? body.number("iid"))
    }

    /// Gerrit: one event of `stream-events`. Any member may be missing.
    static func gerrit(_ body: BodyFields) -> BodyContent {
        let (change, update) = (body.object("change"), body.object("refUpdate"))
        return BodyContent(
            event: body.text("type").flatMap { EventName.plain($0) },
            project: change?.text("project") ?? update?.text("project") ?? body.text("project"),
            reference: (update?.text("refName") ?? body.text("refName")).map(Self.fullReference("branch")),
            candidate: change?.number("number"))
    }

    /// A branch's short name as a reference; older Gerrits and GitHub's `create` write it short.
    private static func fullReference(_ type: String?) -> (String) -> String {
        { name in
            if name.begins(with: "refs/") { return name }
            return type == "tag" ? "refs/tags/\(name)" : "refs/heads/\(name)"
        }
    }
}

extension BodyContent: DecodableWithConfiguration {
    /// Reads what a forge of this scheme sends.
    init(from decoder: any Decoder, configuration scheme: WebhookScheme) throws {
        let body = try BodyFields(decoder)
        self =
            switch scheme {
            case .github: .github(body)
            case .gitlab: .gitlab(body)
            case .gitee: .gitee(body)
            case .gerrit: .gerrit(body)
            }
    }
}
