import DesiredState
public import StateStore

/// Some notices as one message.
public struct NoticeMessage: Hashable, Sendable {
    /// The notices that it settles, those that it only counts included.
    public let notices: [Notice]
    /// One line that says what it is about.
    public let title: String
    /// What is said; empty for webhooks, whose message is the notice itself.
    public let text: String
    /// Where to look, of a message about one object to a program.
    public let link: String?

    /// Makes a message.
    public init(notices: [Notice], title: String, text: String, link: String? = nil) {
        self.link = link
        self.notices = notices
        self.title = title
        self.text = text
    }
}

/// What a kind of channel takes.
struct ChannelManner: Hashable, Sendable {
    /// How text is marked up.
    enum Markup: Hashable, Sendable {
        /// Not at all.
        case plain
        /// `**bold**` and `> quotes`.
        case markdown
        /// Slack's own: `*bold*`, and three characters escaped.
        case slack
    }

    /// How text is marked up.
    let markup: Markup
    /// The most bytes of a text.
    let bytes: Int
    /// How many messages a minute.
    let rate: Int
    /// Whether each notice is a message of its own.
    let isSingle: Bool

    /// WeCom: markdown of 4096 bytes, 20 messages a minute. DingTalk: 20 a minute. Feishu: bodies of 20 kB, 100 a minute.
    /// Slack: one message a second, and texts are cut beyond 4000 characters.
    static func of(_ destination: NoticeDestination) -> ChannelManner {
        switch destination {
        case .wecom: ChannelManner(markup: .markdown, bytes: 4096, rate: 20, isSingle: false)
        case .dingtalk: ChannelManner(markup: .markdown, bytes: 6000, rate: 20, isSingle: false)
        case .feishu: ChannelManner(markup: .plain, bytes: 6000, rate: 100, isSingle: false)
        case .slack: ChannelManner(markup: .slack, bytes: 4000, rate: 60, isSingle: false)
        case .email: ChannelManner(markup: .plain, bytes: 64 << 10, rate: 10, isSingle: false)
        case .webhook: ChannelManner(markup: .plain, bytes: 8 << 10, rate: 120, isSingle: true)
        }
    }
}

extension String {
    /// The text within so many bytes, cut between characters.
    func fitting(_ bytes: Int) -> String {
        guard utf8.count > bytes else { return self }
        let ellipsis = "…"
        var (size, end) = (ellipsis.utf8.count, startIndex)
        for index in indices {
            size += self[index].utf8.count
            if size > bytes { break }
            end = self.index(after: index)
        }
        return self[..<end] + (bytes >= ellipsis.utf8.count ? ellipsis : "")
    }
}
