/// A code host: where candidates come from and where verdicts go.
public struct ForgeSpec: Hashable, Sendable {
    /// What kind of code host it is, and how it is reached.
    public enum Host: Hashable, Sendable {
        /// A folder of bare repositories on this machine.
        case local(LocalForgeSpec)
        /// A Gerrit server.
        case gerrit(GerritSpec)
        /// A GitLab server, `gitlab.com` among them.
        case gitLab(GitLabSpec)
        /// GitHub, or a GitHub Enterprise server.
        case gitHub(GitHubSpec)
        /// Gitee, or a server of its enterprise edition.
        case gitee(GiteeSpec)
    }

    /// What kind of code host it is, and how it is reached.
    public let host: Host
    /// How its webhooks are told from other people's; nil when none are taken.
    public let webhook: WebhookSpec?

    /// Makes the spec of a forge.
    public init(_ host: Host, webhook: WebhookSpec? = nil) {
        self.host = host
        self.webhook = webhook
    }

    /// A folder of bare repositories, without webhooks.
    public static func local(_ local: LocalForgeSpec) -> ForgeSpec { ForgeSpec(.local(local)) }
}

/// How webhooks of a forge are told from other people's.
public struct WebhookSpec: Hashable, Sendable {
    /// What deliveries are signed or marked with. Any of them is accepted, so that a new secret can be put beside the old
    /// one while the host is changed over.
    public let secrets: [SecretReference]

    /// Makes the spec of webhooks.
    public init(secrets: [SecretReference]) { self.secrets = secrets }
}

/// A folder of bare git repositories, for use without a code host.
public struct LocalForgeSpec: Hashable, Sendable {
    /// The absolute path of the folder; project `land` is the repository `land.git` in it.
    public let path: String

    /// Makes the spec of a folder.
    public init(path: String) { self.path = path }
}

/// A Gerrit server.
public struct GerritSpec: Hashable, Sendable {
    /// The address that people open, such as `https://gerrit.example.org`, with a path where the server has one.
    public let url: String
    /// The account that Sluice uses.
    public let user: String
    /// The account's HTTP password or token.
    public let password: SecretReference
    /// The label that is voted on.
    public let label: String

    /// Makes the spec of a server.
    public init(url: String, user: String, password: SecretReference, label: String = "Verified") {
        self.url = url
        self.user = user
        self.password = password
        self.label = label
    }
}

/// A GitLab server.
public struct GitLabSpec: Hashable, Sendable {
    /// The address that people open.
    public let url: String
    /// A personal, group or project access token.
    public let token: SecretReference
    /// The name of the commit status.
    public let statusContext: String
    /// The scope of the label on merge requests: `verified::passed`.
    public let label: String

    /// Makes the spec of a server.
    public init(
        url: String = "https://gitlab.com", token: SecretReference, statusContext: String = "sluice/verified",
        label: String = "verified"
    ) {
        self.url = url
        self.token = token
        self.statusContext = statusContext
        self.label = label
    }
}

/// GitHub, or a GitHub Enterprise server.
public struct GitHubSpec: Hashable, Sendable {
    /// The address that people open.
    public let url: String
    /// A fine-grained or classic token, or an installation token of an App.
    public let token: SecretReference
    /// The context of the commit status, or the name of the check run.
    public let statusContext: String

    /// Makes the spec of a server.
    public init(
        url: String = "https://github.com", token: SecretReference, statusContext: String = "sluice/verified"
    ) {
        self.url = url
        self.token = token
        self.statusContext = statusContext
    }
}

/// Gitee, or a server of its enterprise edition.
public struct GiteeSpec: Hashable, Sendable {
    /// The address that people open.
    public let url: String
    /// A personal access token.
    public let token: SecretReference
    /// The scope of the label on pull requests: `verified::passed`.
    public let label: String

    /// Makes the spec of a server.
    public init(url: String = "https://gitee.com", token: SecretReference, label: String = "verified") {
        self.url = url
        self.token = token
        self.label = label
    }
}
