import DesiredState
import Terminal

/// Tokens, subjects and records of the audit log as rows.
enum AccessView {
    static func tokens(_ document: JSONValue) -> Table {
        var table = Table(["TOKEN", "SUBJECT", "GROUPS", "SCOPES", "STATE", "ENDS", "LAST USED", "MADE BY", "NOTE"])
        let now = CommandContext.current.now()
        for token in document["items"]?.array ?? [] {
            let ends = Age.until(token["expiresAt"], now: now)
            let state = token["revokedAt"]?.string != nil ? "revoked" : ends == "now" ? "expired" : "valid"
            table.add([
                token["id"]?.string, token["subject"]?.string, words(token["groups"]), words(token["scopes"]), state,
                state == "valid" ? ends : nil, Age.since(token["lastUsedAt"], now: now), token["createdBy"]?.string,
                token["note"]?.string?.cut(to: 40),
            ])
        }
        return table
    }

    static func subject(_ subject: JSONValue) -> Table {
        var table = Table(["NAME", "PROVED BY", "GROUPS", "SCOPES", "STANDING ROLE"])
        table.add([
            subject["name"]?.string, subject["proof"]?.string, words(subject["groups"]), words(subject["scopes"]),
            subject["role"]?.string,
        ])
        return table
    }

    static func audit(_ document: JSONValue, isWide: Bool) -> Table {
        var columns = ["RECORD", "AT", "ACTOR", "ACTION", "OBJECT", "OUTCOME", "FROM"]
        if isWide { columns += ["PROVED BY", "CODE", "REQUEST", "ARGUMENTS"] }
        var table = Table(columns)
        for record in document["items"]?.array ?? [] {
            let name = [record["actor"]?.string, record["onBehalfOf"]?.string.map { "for \($0)" }].compactMap(\.self)
            var cells: [String?] = [
                record["id"]?.integer.map(String.init), record["at"]?.string.map { String($0.prefix(19)) + "Z" },
                name.joined(separator: " "), action(record),
                ResourceView.shortName(record["kind"], record["name"]).map {
                    ResourceView.fitting($0, isWide: isWide)
                }, record["outcome"]?.string, record["address"]?.string,
            ]
            if isWide {
                cells += [
                    record["proof"]?.string, record["code"]?.string, record["request"]?.string,
                    record["arguments"]?.canonicalText,
                ]
            }
            table.add(cells)
        }
        return table
    }

    /// What was done; of a request that takes several words, the word.
    private static func action(_ record: JSONValue) -> String? {
        guard let action = record["action"]?.string else { return nil }
        return record["arguments"]?["command"]?.string.map { "\(action) \($0)" } ?? action
    }

    private static func words(_ list: JSONValue?) -> String? {
        list?.array?.compactMap(\.string).joined(separator: ", ")
    }
}
