import Diagnostics

extension ChannelManner {
    /// A text of anybody's as one line that means nothing but itself: no line breaks, no mentions, no links in disguise.
    func escaped(_ text: String) -> String {
        let line = TextScrubber(limit: 2000).scrub(text).replacing("\n", with: " ")
        switch markup {
        case .slack:
            return line.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        case .markdown, .plain:
            // `<@all>`, `<at user_id="all">` and `[bank](https://…)` have no escape that all of these clients know.
            return line.replacing("<", with: "‹").replacing(">", with: "›").replacing("](", with: "] (")
        }
    }

    func bold(_ text: String) -> String {
        switch markup {
        case .plain: text
        case .markdown: "**\(text.replacing("*", with: "∗"))**"
        case .slack: "*\(text.replacing("*", with: "∗"))*"
        }
    }

    /// What stands before each line about an object.
    var bullet: String { markup == .plain ? "- " : "> " }
    /// What stands between lines: markdown of some clients joins lines that follow each other.
    var lineBreak: String { markup == .markdown ? "\n\n" : "\n" }
}
