import Diagnostics
import ForgeDoubles

/// What a stand-in says when it has started: where it is, who is who, and what to type next.
struct DevForgeWelcome: Sendable {
    let type: ForgeType
    let directory: String
    let project: String

    private var authorToken: String { DevForgeAccounts.tokenFile(of: DevForgeAccounts.author, in: directory) }
    private var sluiceToken: String { DevForgeAccounts.tokenFile(of: DevForgeAccounts.sluice, in: directory) }
    private var name: String { project.words(at: "/").last.map(String.init) ?? project }

    /// The lines, for a stand-in at an address.
    func lines(at address: String) -> [String] {
        let clone = cloneURL(at: address)
        let store = "credential.helper='store --file \(DevForgeAccounts.credentialsFile(in: directory))'"
        return [
            "\(title) listens on \(address)",
            "  directory      \(directory)",
            "  project        \(project)",
            "  clone URL      \(clone)",
            "  author's token \(authorToken)",
            "  sluice's token \(sluiceToken)",
            "",
            "A Forge for the controller, which takes addresses of its own machine only from:",
            "  sluice serve --trust-host \(address.replacingAll("http://", with: "")) …",
            "",
        ] + manifest(at: address).map { "  \($0)" } + [
            "",
            "Next, in another terminal:",
            "  git clone -c \(store) \(clone)",
            "  cd \(name)",
        ] + proposal(at: address).map { "  \($0)" }
    }

    private var title: String {
        switch type {
        case .gerrit: "a stand-in for Gerrit"
        case .gitlab: "a stand-in for GitLab"
        case .github: "a stand-in for GitHub"
        case .gitee: "a stand-in for Gitee"
        }
    }

    private func cloneURL(at address: String) -> String {
        let place = address.replacingAll("http://", with: "http://\(DevForgeAccounts.author)@")
        return type == .gerrit ? "\(place)/a/\(project)" : "\(place)/\(project).git"
    }

    private func manifest(at address: String) -> [String] {
        var lines = [
            "apiVersion: sluice.dev/v1alpha1", "kind: Forge", "metadata: {name: \(type.rawValue)}", "spec:",
            "  type: \(type.rawValue)", "  \(type.rawValue):", "    url: \(address)",
        ]
        if type == .gerrit {
            lines += ["    user: \(DevForgeAccounts.sluice)", "    password: {file: \(sluiceToken)}"]
        } else {
            lines.append("    token: {file: \(sluiceToken)}")
        }
        return lines
    }

    /// What an author types to propose a change.
    private func proposal(at address: String) -> [String] {
        let token = "$(cat \(authorToken))"
        let push = ["git checkout -b topic", "git commit --allow-empty -m 'Try it'", "git push origin topic"]
        switch type {
        case .gerrit:
            return [
                "curl -so .git/hooks/commit-msg \(address)/tools/hooks/commit-msg && chmod +x .git/hooks/commit-msg",
                "git commit --allow-empty -m 'Try it'",
                "git push origin HEAD:refs/for/master",
            ]
        case .gitlab:
            let id = project.replacingAll("/", with: "%2F")
            return push + [
                "curl -H \"PRIVATE-TOKEN: \(token)\" -d source_branch=topic -d target_branch=master -d title='Try it' \\",
                "  \(address)/api/v4/projects/\(id)/merge_requests",
            ]
        case .github:
            return push + [
                "curl -H \"Authorization: Bearer \(token)\" -H 'Content-Type: application/json' \\",
                "  -d '{\"head\": \"topic\", \"base\": \"master\", \"title\": \"Try it\"}' \\",
                "  \(address)/api/v3/repos/\(project)/pulls",
            ]
        case .gitee:
            return push + [
                "curl -d access_token=\"\(token)\" -d head=topic -d base=master -d title='Try it' \\",
                "  \(address)/api/v5/repos/\(project)/pulls",
            ]
        }
    }
}
