import Diagnostics

extension ChannelManner {
    /// A text of anybody's as one line that means nothing but itself: no line breaks, no mentions, no links in disguise.
    func escaped(_ text: String) -> String {
        let line = TextScrubber(limit: 2000).scrub(text).replacingAll("\n", with: " ")
        switch markup {
        case .slack:
            return line.replacingAll("&", with: "&amp;").replacingAll("<", with: "&lt;").replacingAll(">", with: "&gt;")
        case .markdown, .plain:
            // `<@all>`, `<at user_id="all">` and `[bank](https://…)` have no escape that all of these clients know.
            return line.replacingAll("<", with: "‹").replacingAll(">", with: "›").replacingAll("](", with: "] (")
        }
    }

    func bold(_ text: String) -> String {
        switch markup {
        case .plain: text
        case .markdown: "**\(text.replacingAll("*", with: "∗"))**"
        case .slack: "*\(text.replacingAll("*", with: "∗"))*"
        }
    }

    /// What stands before each line about an object.
    var bullet: String { markup == .plain ? "- " : "> " }
    /// What stands between lines: markdown of some clients joins lines that follow each other.
    var lineBreak: String { markup == .markdown ? "\n\n" : "\n" }
}
