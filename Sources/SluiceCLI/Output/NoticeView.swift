import DesiredState
import Terminal

/// Notices of the API as rows.
enum NoticeView {
    /// The number of a notice.
    static func name(_ notice: JSONValue) -> String? { notice["id"]?.integer.map(String.init) }

    static func notices(_ document: JSONValue, isWide: Bool) -> Table {
        var columns = ["NOTICE", "CHANNEL", "OBJECT", "REASON", "STATE", "ATTEMPTS", "AGE"]
        if isWide { columns += ["TITLE", "STATUS", "REPEATS"] }
        var table = Table(columns + ["MESSAGE"])
        for notice in document["items"]?.array ?? [] {
            var cells = [
                name(notice), notice["channel"]?.string, object(notice), notice["reason"]?.string,
                notice["state"]?.string, notice["attempts"]?.integer.map(String.init),
                Age.since(notice["createdAt"], now: CommandContext.current.now()),
            ]
            if isWide {
                cells += [
                    notice["title"]?.string, notice["status"]?.integer.map(String.init),
                    notice["repeats"]?.integer.map(String.init),
                ]
            }
            table.add(cells + [notice["message"]?.string])
        }
        return table
    }

    /// One notice, a line for each thing that is known of it.
    static func details(_ notice: JSONValue) -> Table {
        var table = Table(["FIELD", "VALUE"])
        for (field, value) in [
            ("notice", name(notice)), ("message id", notice["messageId"]?.string),
            ("channel", notice["channel"]?.string), ("object", object(notice)), ("title", notice["title"]?.string),
            ("requested by", notice["requestedBy"]?.string), ("type", notice["type"]?.string),
            ("reason", notice["reason"]?.string), ("message", notice["message"]?.string),
            ("state", notice["state"]?.string), ("attempts", notice["attempts"]?.integer.map(String.init)),
            ("repeats", notice["repeats"]?.integer.map(String.init)),
            ("status", notice["status"]?.integer.map(String.init)), ("answer", notice["answer"]?.string),
            ("happened", notice["createdAt"]?.string), ("tried", notice["attemptedAt"]?.string),
            ("next attempt", notice["nextAttemptAt"]?.string), ("settled", notice["endedAt"]?.string),
        ] where value != nil {
            table.add([field, value])
        }
        return table
    }

    private static func object(_ notice: JSONValue) -> String? {
        guard let kind = notice["kind"]?.string, let name = notice["name"]?.string else { return nil }
        return "\(KindName.word(kind))/\(name)"
    }
}
