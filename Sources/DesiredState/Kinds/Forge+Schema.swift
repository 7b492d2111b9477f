extension ForgeSpec {
    /// What can be told to be: the type first, the rest under the key of that name.
    private enum ForgeType: String, CaseIterable, Sendable {
        case local, gerrit, gitlab, github, gitee
    }

    private struct Written: Sendable {
        let type: ForgeType
        let local: LocalForgeSpec?
        let gerrit: GerritSpec?
        let gitlab: GitLabSpec?
        let github: GitHubSpec?
        let gitee: GiteeSpec?
        let webhook: WebhookSpec?

        /// What stands under a type's key.
        func host(_ type: ForgeType) -> Host? {
            switch type {
            case .local: local.map(Host.local)
            case .gerrit: gerrit.map(Host.gerrit)
            case .gitlab: gitlab.map(Host.gitLab)
            case .github: github.map(Host.gitHub)
            case .gitee: gitee.map(Host.gitee)
            }
        }
    }

    static let schema: Schema<ForgeSpec> = Schema<Written>.object(
        .required(
            "type", \.type, .choice, "What kind of code host it is: local, gerrit, gitlab, github or gitee."),
        .optional("local", \.local, LocalForgeSpec.schema, "A folder of bare repositories, for type local."),
        .optional("gerrit", \.gerrit, GerritSpec.schema, "A Gerrit server, for type gerrit."),
        .optional("gitlab", \.gitlab, GitLabSpec.schema, "A GitLab server, for type gitlab."),
        .optional("github", \.github, GitHubSpec.schema, "GitHub or a GitHub Enterprise server, for type github."),
        .optional("gitee", \.gitee, GiteeSpec.schema, "Gitee, for type gitee."),
        .optional("webhook", \.webhook, WebhookSpec.schema, "How the forge's webhooks are told from other people's."),
        make: Written.init
    ).map(
        into: { written, node, findings in
            for other in ForgeType.allCases where other != written.type && written.host(other) != nil {
                findings.report(
                    .invalidValue, at: node.location,
                    "the key \"\(other.rawValue)\" does not go with the type \(written.type.rawValue)",
                    hint: "take it out, or write type: \(other.rawValue)")
                return nil
            }
            guard let host = written.host(written.type) else {
                let key = written.type.rawValue
                let needed = written.type == .local ? "local: {path: …}" : "\(key): {url: …}"
                findings.report(
                    .missingKey, at: node.location, "the key \"\(key)\" is missing", hint: "type \(key) needs \(needed)"
                )
                return nil
            }
            return ForgeSpec(host, webhook: written.webhook)
        },
        from: { forge in
            var type = ForgeType.local
            var (local, gerrit): (LocalForgeSpec?, GerritSpec?)
            var (gitLab, gitHub, gitee): (GitLabSpec?, GitHubSpec?, GiteeSpec?)
            switch forge.host {
            case .local(let spec): local = spec
            case .gerrit(let spec): (type, gerrit) = (.gerrit, spec)
            case .gitLab(let spec): (type, gitLab) = (.gitlab, spec)
            case .gitHub(let spec): (type, gitHub) = (.github, spec)
            case .gitee(let spec): (type, gitee) = (.gitee, spec)
            }
            return Written(
                type: type, local: local, gerrit: gerrit, gitlab: gitLab, github: gitHub, gitee: gitee,
                webhook: forge.webhook)
        })
}

extension WebhookSpec {
    static let schema = Schema<WebhookSpec>.object(
        .required(
            "secrets", \.secrets, .list(of: SecretReference.schema, minimum: 1),
            "References to the secrets of deliveries; any of them is accepted."),
        make: WebhookSpec.init)
}

extension LocalForgeSpec {
    static let schema = Schema<LocalForgeSpec>.object(
        .required("path", \.path, .absolutePath, "The absolute path of the folder of bare repositories."),
        make: LocalForgeSpec.init)
}

extension GerritSpec {
    static let schema = Schema<GerritSpec>.object(
        .required("url", \.url, .webAddress, "The address that people open."),
        .required("user", \.user, .userName, "The account that Sluice uses."),
        .required("password", \.password, SecretReference.schema, "A reference to the account's HTTP password."),
        .defaulted("label", \.label, .voteLabel, to: "Verified", "The label that is voted on."),
        make: GerritSpec.init)
}

extension GitLabSpec {
    static let schema = Schema<GitLabSpec>.object(
        .defaulted("url", \.url, .webAddress, to: "https://gitlab.com", "The address that people open."),
        .required("token", \.token, SecretReference.schema, "A reference to an access token."),
        .defaulted(
            "statusContext", \.statusContext, .statusContext, to: "sluice/verified", "The name of the commit status."),
        .defaulted("label", \.label, .labelScope, to: "verified", "The scope of the label on merge requests."),
        make: GitLabSpec.init)
}

extension GitHubSpec {
    static let schema = Schema<GitHubSpec>.object(
        .defaulted("url", \.url, .webAddress, to: "https://github.com", "The address that people open."),
        .required("token", \.token, SecretReference.schema, "A reference to a token."),
        .defaulted(
            "statusContext", \.statusContext, .statusContext, to: "sluice/verified",
            "The context of the commit status, or the name of the check run."),
        make: GitHubSpec.init)
}

extension GiteeSpec {
    static let schema = Schema<GiteeSpec>.object(
        .defaulted("url", \.url, .webAddress, to: "https://gitee.com", "The address that people open."),
        .required("token", \.token, SecretReference.schema, "A reference to a personal access token."),
        .defaulted("label", \.label, .labelScope, to: "verified", "The scope of the label on pull requests."),
        make: GiteeSpec.init)
}

extension Schema where Value == String {
    /// The address of a server. What it leads to is judged when it is connected to.
    static let webAddress = text(
        expected: "an address such as https://forge.example.org, without user name and query",
        pattern: "^https?://[^/?#@\\s]+(/[^?#@\\s]*)?$"
    ) {
        $0.wholeMatch(of: /https?:\/\/[^\/?#@\s\\]+(\/[^?#@\s\\]*)?/.matchingSemantics(.unicodeScalar)) != nil
            && $0.utf8.count <= 1024
    }

    /// The name of an account, as it stands before the colon of HTTP's Basic scheme.
    fileprivate static let userName = text(expected: "a user name without spaces and colons, 100 letters at most") {
        $0.wholeMatch(of: /[^\s:\x00-\x1f\x7f]{1,100}/.matchingSemantics(.unicodeScalar)) != nil
    }

    /// The name of a label of Gerrit.
    fileprivate static let voteLabel = text(
        expected: "the name of a label: letters, digits and \"-\"", pattern: "^[A-Za-z][A-Za-z0-9-]{0,63}$"
    ) { $0.wholeMatch(of: /[A-Za-z][A-Za-z0-9-]{0,63}/) != nil }

    /// The name of a status, which every host takes.
    fileprivate static let statusContext = text(
        expected: "letters, digits and / . _ - with a letter or digit first, 100 at most",
        pattern: "^[A-Za-z0-9][A-Za-z0-9/._-]{0,99}$"
    ) { $0.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9\/._-]{0,99}/) != nil }

    /// What stands before the `::` of a label.
    fileprivate static let labelScope = text(
        expected: "letters, digits, \"_\" and \"-\", a letter first, 40 at most",
        pattern: "^[A-Za-z][A-Za-z0-9_-]{0,39}$"
    ) { $0.wholeMatch(of: /[A-Za-z][A-Za-z0-9_-]{0,39}/) != nil }
}
