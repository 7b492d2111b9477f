import Diagnostics

/// What a channel can be told to be.
enum NoticeDestinationType: String, CaseIterable, Sendable {
    case wecom, slack, feishu, dingtalk, email, webhook
}

extension NoticeDestination {
    var kind: NoticeDestinationType {
        switch self {
        case .wecom: .wecom
        case .slack: .slack
        case .feishu: .feishu
        case .dingtalk: .dingtalk
        case .email: .email
        case .webhook: .webhook
        }
    }
}

extension NotificationChannelSpec {
    /// What stands in the document: the type, and the rest under the key of that name.
    private struct Written: Sendable {
        var type: NoticeDestinationType
        var wecom, slack, feishu, dingtalk: RobotSpec?
        var email: MailSpec?
        var webhook: OutgoingWebhookSpec?
        var rules: [NoticeRule]
        var template: NoticeTemplate?
        var quiet: Duration
        var gather: Duration
        var suspension: Suspension?

        func destination(_ type: NoticeDestinationType) -> NoticeDestination? {
            switch type {
            case .wecom: wecom.map(NoticeDestination.wecom)
            case .slack: slack.map(NoticeDestination.slack)
            case .feishu: feishu.map(NoticeDestination.feishu)
            case .dingtalk: dingtalk.map(NoticeDestination.dingtalk)
            case .email: email.map(NoticeDestination.email)
            case .webhook: webhook.map(NoticeDestination.webhook)
            }
        }
    }

    /// The keys one by one, each with its type: the compiler takes minutes over all of them in one expression.
    private enum Key {
        typealias Of<Value: Sendable> = Field<Written, Value>

        static let type: Of<NoticeDestinationType> = .required(
            "type", \.type, .choice, "Where the channel leads: wecom, slack, feishu, dingtalk, email or webhook.")
        static let wecom: Of<RobotSpec?> = .optional(
            "wecom", \.wecom, RobotSpec.schema(signed: false), "A robot of a WeCom group, for type wecom.")
        static let slack: Of<RobotSpec?> = .optional(
            "slack", \.slack, RobotSpec.schema(signed: false), "An incoming webhook of Slack, for type slack.")
        static let feishu: Of<RobotSpec?> = .optional(
            "feishu", \.feishu, RobotSpec.schema(signed: true),
            "A robot of a Feishu or Lark group, for type feishu.")
        static let dingtalk: Of<RobotSpec?> = .optional(
            "dingtalk", \.dingtalk, RobotSpec.schema(signed: true), "A robot of a DingTalk group, for type dingtalk.")
        static let email: Of<MailSpec?> = .optional("email", \.email, MailSpec.schema, "Mailboxes, for type email.")
        static let webhook: Of<OutgoingWebhookSpec?> = .optional(
            "webhook", \.webhook, OutgoingWebhookSpec.schema,
            "A program that takes Standard Webhooks, for type webhook.")
        static let rules: Of<[NoticeRule]> = .defaulted(
            "rules", \.rules, .list(of: NoticeRule.schema, minimum: 1), to: [.warnings],
            "Of what the channel tells: of whatever one of the rules covers. Left out, of every warning.")
        static let template: Of<NoticeTemplate?> = .optional(
            "template", \.template, NoticeTemplate.schema,
            "How messages look, as a Mustache template; not for type webhook.")
        static let quiet: Of<Duration> = .defaulted(
            "quiet", \.quiet, .duration(from: .zero, to: .seconds(7 * 86_400)), to: .seconds(3600),
            "How long an event that comes again in the same words is not told again.")
        static let gather: Of<Duration> = .defaulted(
            "gather", \.gather, .duration(from: .zero, to: .seconds(600)), to: .seconds(5),
            "How long after an event others are waited for, to be told with it.")
        static let suspend: Of<Suspension?> = .defaulted(
            "suspend", \.suspension, Suspension.schema, to: nil,
            "Whether nothing is sent for now; or why, and until when.")
    }

    static let schema: Schema<NotificationChannelSpec> = Schema<Written>.object(
        Key.type, Key.wecom, Key.slack, Key.feishu, Key.dingtalk, Key.email, Key.webhook, Key.rules, Key.template,
        Key.quiet, Key.gather, Key.suspend,
        make: { type, wecom, slack, feishu, dingtalk, email, webhook, rules, template, quiet, gather, suspension in
            Written(
                type: type, wecom: wecom, slack: slack, feishu: feishu, dingtalk: dingtalk, email: email,
                webhook: webhook, rules: rules, template: template, quiet: quiet, gather: gather,
                suspension: suspension)
        }
    ).map(
        into: { written, node, findings in
            let type = written.type
            for other in NoticeDestinationType.allCases where other != type && written.destination(other) != nil {
                findings.report(
                    .invalidValue, at: node.location,
                    "the key \"\(other.rawValue)\" does not go with the type \(type.rawValue)",
                    hint: "take it out, or write type: \(other.rawValue)")
                return nil
            }
            guard let destination = written.destination(type) else {
                findings.report(
                    .missingKey, at: node.location, "the key \"\(type.rawValue)\" is missing",
                    hint: "type \(type.rawValue) needs it")
                return nil
            }
            if type == .webhook, written.template != nil {
                findings.report(
                    .invalidValue, at: node.deepest("template").location, "a webhook has no template",
                    hint: "its messages are data: take the key out")
                return nil
            }
            return NotificationChannelSpec(
                destination, rules: written.rules, template: written.template, quiet: written.quiet,
                gather: written.gather, suspension: written.suspension)
        },
        from: { channel in
            var written = Written(
                type: channel.destination.kind, rules: channel.rules, template: channel.template,
                quiet: channel.quiet, gather: channel.gather, suspension: channel.suspension)
            switch channel.destination {
            case .wecom(let spec): written.wecom = spec
            case .slack(let spec): written.slack = spec
            case .feishu(let spec): written.feishu = spec
            case .dingtalk(let spec): written.dingtalk = spec
            case .email(let spec): written.email = spec
            case .webhook(let spec): written.webhook = spec
            }
            return written
        })
}

extension RobotSpec {
    /// - Parameter signed: Whether robots of the kind can ask for signatures.
    static func schema(signed: Bool) -> Schema<RobotSpec> {
        let url: Field<RobotSpec, SecretReference> = .required(
            "url", \.url, SecretReference.schema, "A reference to the robot's address: the key in it is a secret.")
        guard signed else { return .object(url) { RobotSpec(url: $0) } }
        return .object(
            url,
            .optional(
                "secret", \.secret, SecretReference.schema,
                "A reference to the secret for signatures, when the robot asks for them."),
            make: RobotSpec.init)
    }
}

extension OutgoingWebhookSpec {
    static let schema = Schema<OutgoingWebhookSpec>.object(
        .required("url", \.url, .webAddress, "The address that is posted to."),
        .required("secret", \.secret, SecretReference.schema, "A reference to the secret for signatures, whsec_…"),
        make: OutgoingWebhookSpec.init)
}

extension MailSpec {
    static let schema = Schema<MailSpec>.object(
        .required("host", \.host, .hostName, "The server that takes mail."),
        .defaulted("port", \.port, .integer(1...65535), to: 587, "Its port."),
        .defaulted(
            "encryption", \.encryption, .choice, to: .starttls, "How it is spoken to: tls, starttls or none."),
        .optional("user", \.user, .mailAccount, "The account, when the server asks for one."),
        .optional("password", \.password, SecretReference.schema, "A reference to the account's password."),
        .required("from", \.from, .mailAddress, "The address that mail comes from."),
        .required("to", \.to, .list(of: .mailAddress, minimum: 1), "The addresses that mail goes to."),
        make: MailSpec.init
    ).checked { mail, node, findings in
        if (mail.user == nil) != (mail.password == nil) {
            findings.report(
                .invalidValue, at: node.location, "user and password go together", hint: "write both, or none")
        }
        if mail.password != nil, mail.encryption == .none {
            findings.report(
                .invalidValue, at: node.deepest("encryption").location, "a password needs encryption",
                hint: "write encryption: starttls, or tls")
        }
        if mail.to.count > 50 {
            findings.report(
                .invalidValue, at: node.deepest("to").location, "expected 50 addresses at most",
                hint: "write to a mailing list")
        }
    }
}

extension Schema where Value == String {
    /// The name of a host, or an IPv4 address.
    fileprivate static let hostName = text(expected: "the name of a host, such as smtp.example.org") {
        $0.wholeMatch(of: /[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?/) != nil && !$0.holds("..")
    }

    /// A mail address in its plain form, which needs no care in the SMTP dialogue and in header fields.
    fileprivate static let mailAddress = text(expected: "a mail address such as ops@example.org") {
        $0.wholeMatch(of: /[A-Za-z0-9._+=-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,188}[A-Za-z0-9])?/) != nil
    }

    /// The name of an account on a mail server.
    fileprivate static let mailAccount = text(expected: "the name of an account, without spaces and colons") {
        $0.wholeMatch(of: /[^\s:"\\\x00-\x1f\x7f]{1,200}/.matchingSemantics(.unicodeScalar)) != nil
    }
}
