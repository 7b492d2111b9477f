import DesiredState
import Diagnostics
import Terminal

/// Changes of desired state as rows.
enum ConfigurationView {
    /// A table of changes.
    static func changes(_ document: JSONValue, isWide: Bool) -> Table {
        var table = Table(["CHANGE", "REVISION", "AUTHOR", "CREATED", "CHANGED", "PRUNED", "AGE", "SUBJECT"])
        for change in document["items"]?.array ?? [] {
            let resources = change["resources"]?.array ?? []
            func count(_ effect: String) -> String { String(resources.count { $0["effect"]?.string == effect }) }
            table.add([
                change["id"]?.integer.map(String.init), revision(change["revision"], isWide: isWide),
                change["author"]?.string.map { isWide ? $0 : $0.cut(to: 24) }, count("created"), count("changed"),
                count("pruned"), Age.since(change["appliedAt"], now: CommandContext.current.now()),
                change["subject"]?.string.map { isWide ? $0 : $0.cut(to: 48) },
            ])
        }
        return table
    }

    /// A table of the values that one change made others.
    static func fields(of change: JSONValue) -> Table {
        var table = Table(["OBJECT", "EFFECT", "FIELD", "BEFORE", "AFTER"])
        for resource in change["resources"]?.array ?? [] {
            let name = ResourceView.shortName(resource["kind"], resource["name"])
            let fields = resource["fields"]?.array ?? []
            if fields.isEmpty { table.add([name, resource["effect"]?.string, nil, nil, nil]) }
            for field in fields {
                table.add([
                    name, resource["effect"]?.string, field["path"]?.string, text(field["before"]),
                    text(field["after"]),
                ])
            }
        }
        return table
    }

    /// A commit's first digits; a digest's with what it is a digest by.
    static func revision(_ revision: JSONValue?, isWide: Bool = false) -> String? {
        revision?.string.map { isWide ? $0 : String($0.prefix($0.begins(with: "sha256-") ? 15 : 8)) }
    }

    private static func text(_ value: JSONValue?) -> String? {
        guard let value, value != .null else { return nil }
        return (value.string ?? value.canonicalText).cut(to: 60)
    }
}
