/// Where people are told of what happens to objects: a group's robot, a mailbox, or a program of their own.
public struct NotificationChannelSpec: Hashable, Sendable {
    /// Where it leads.
    public let destination: NoticeDestination
    /// Of what it tells: of whatever one of the rules covers.
    public let rules: [NoticeRule]
    /// How the messages look; nil for the usual look. Without meaning for webhooks, whose messages are data.
    public let template: NoticeTemplate?
    /// How long an event that comes again in the same words is not told again.
    public let quiet: Duration
    /// How long after an event others are waited for, to be told with it.
    public let gather: Duration
    /// Why and until when nothing is sent; nil when it is. What happens meanwhile is sent afterwards.
    public let suspension: Suspension?

    /// Makes the spec of a channel.
    public init(
        _ destination: NoticeDestination, rules: [NoticeRule] = [.warnings], template: NoticeTemplate? = nil,
        quiet: Duration = .seconds(3600), gather: Duration = .seconds(5), suspension: Suspension? = nil
    ) {
        self.destination = destination
        self.rules = rules
        self.template = template
        self.quiet = quiet
        self.gather = gather
        self.suspension = suspension
    }
}

/// Where a channel leads.
public enum NoticeDestination: Hashable, Sendable {
    /// A robot of a WeCom group.
    case wecom(RobotSpec)
    /// An incoming webhook of Slack.
    case slack(RobotSpec)
    /// A robot of a Feishu or Lark group.
    case feishu(RobotSpec)
    /// A robot of a DingTalk group.
    case dingtalk(RobotSpec)
    /// Mailboxes.
    case email(MailSpec)
    /// A program that takes Standard Webhooks.
    case webhook(OutgoingWebhookSpec)

    /// The word for it.
    public var type: String { kind.rawValue }
}

/// A robot of a group chat. The key in its address is all that others need to write in the group.
public struct RobotSpec: Hashable, Sendable {
    /// A reference to its address, which is a secret.
    public let url: SecretReference
    /// A reference to the secret that messages are signed with; nil when the robot asks for none.
    public let secret: SecretReference?

    /// Makes the spec of a robot.
    public init(url: SecretReference, secret: SecretReference? = nil) {
        self.url = url
        self.secret = secret
    }
}

/// A program that takes Standard Webhooks.
public struct OutgoingWebhookSpec: Hashable, Sendable {
    /// Its address, which is no secret.
    public let url: String
    /// A reference to the secret that deliveries are signed with, `whsec_…`.
    public let secret: SecretReference

    /// Makes the spec of a webhook.
    public init(url: String, secret: SecretReference) {
        self.url = url
        self.secret = secret
    }
}

/// Mailboxes, and the server that takes mail for them.
public struct MailSpec: Hashable, Sendable {
    /// How a mail server is spoken to.
    public enum Encryption: String, Sendable, CaseIterable {
        /// TLS from the first byte, usually on port 465.
        case tls
        /// TLS before anything is said that matters, usually on port 587.
        case starttls
        /// None; only to hosts that the operator trusts.
        case none
    }

    /// The server's name.
    public let host: String
    /// Its port.
    public let port: Int
    /// How it is spoken to.
    public let encryption: Encryption
    /// The account; nil when the server asks for none.
    public let user: String?
    /// A reference to the account's password.
    public let password: SecretReference?
    /// Who writes.
    public let from: String
    /// Who is written to.
    public let to: [String]

    /// Makes the spec of mailboxes.
    public init(
        host: String, port: Int = 587, encryption: Encryption = .starttls, user: String? = nil,
        password: SecretReference? = nil, from: String, to: [String]
    ) {
        self.host = host
        self.port = port
        self.encryption = encryption
        self.user = user
        self.password = password
        self.from = from
        self.to = to
    }
}
