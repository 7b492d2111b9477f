import DesiredState
public import Diagnostics

/// Items and settings of patch-tracking as they lie in files. Nothing in them is executed.
///
/// What that tool calls YAML is a line `key: value` each, one item a file. It keeps quotes and comments as part of the value;
/// here they mean what whoever wrote them meant.
public enum TrackingItemFile {
    /// Reads the items of a file: one of YAML, or a list in `.json` as `GET /tracking` answers it, where the commits are
    /// up to which each package has everything. An item that is not understood keeps no other from being read.
    /// - Throws: `patch-tracking.item-invalid` when the file is none.
    public static func items(
        _ text: String, name: String
    ) throws(SluiceError) -> [Result<TrackingItem, SluiceError>] {
        guard name.lowercased().ends(with: ".json") else { return [read { () throws(SluiceError) in try item(text) }] }
        guard let value = try? JSONValue(parsing: text) else { throw TrackingItem.wrong("it is no JSON") }
        return (value.array ?? value["data"]?.array ?? [value]).map { element in
            read { () throws(SluiceError) in try TrackingItem(json: element) }
        }
    }

    private static func read(
        _ body: () throws(SluiceError) -> TrackingItem
    ) -> Result<TrackingItem, SluiceError> {
        do { return .success(try body()) } catch { return .failure(error) }
    }

    private static func item(_ text: String) throws(SluiceError) -> TrackingItem {
        var members: [String: JSONValue] = [:]
        for (index, line) in text.parts(at: "\n").enumerated() {
            let words = line.trimmed
            guard !words.isEmpty, !words.begins(with: "#"), words != "---" else { continue }
            guard let colon = words.unicodeScalars.firstIndex(of: ":") else {
                throw TrackingItem.wrong("line \(index + 1) is not key: value")
            }
            let key = String(words[..<colon].trimmed)
            let value = plain(words[words.index(after: colon)...])
            guard members[key] == nil else {
                throw TrackingItem.wrong("\"\(TextScrubber(limit: 60).scrub(key))\" is there twice")
            }
            switch (key, value.lowercased()) {
            case ("enabled", "true"): members[key] = true
            case ("enabled", "false"): members[key] = false
            case ("scm_commit", ""), ("scm_commit", "null"), ("scm_commit", "none"), ("scm_commit", "~"): break
            default: members[key] = .string(value)
            }
        }
        return try TrackingItem(json: .object(members))
    }

    /// A value without the quotes and the comment around it.
    static func plain(_ text: Substring) -> String {
        let text = text.trimmed
        if let quote = text.first, quote == "\"" || quote == "'",
            let end = text.dropFirst().firstIndex(of: quote)
        {
            return String(text[text.index(after: text.startIndex)..<end])
        }
        let end = text.exactRange(of: " #")?.lowerBound ?? text.endIndex
        return String(text[..<end].trimmed)
    }
}

/// The settings of patch-tracking, as far as they mean something here.
public struct TrackingSettings: Hashable, Sendable {
    /// How often it looks, in seconds; nil when that is not said.
    public private(set) var interval: Int?
    /// Who may change items; nil when that is not said.
    public private(set) var user: String?
    /// The password, hashed; nil when that is not said.
    public private(set) var passwordHash: String?
    /// The settings that are not taken over, each with what to do about it.
    public private(set) var left: [String] = []

    /// Reads `settings.conf`: assignments of texts and numbers. That tool executes the file; here what is no plain value is
    /// named in ``left``.
    public init(_ text: String) {
        for line in text.words(at: "\n") {
            let words = line.trimmed
            guard !words.isEmpty, !words.begins(with: "#") else { continue }
            guard let equals = words.unicodeScalars.firstIndex(of: "=") else {
                left.append("a line that assigns nothing")
                continue
            }
            let key = String(words[..<equals].trimmed)
            let value = TrackingItemFile.plain(words[words.index(after: equals)...])
            switch key {
            case "SCAN_DB_INTERVAL":
                interval = Int(value).flatMap { $0 > 0 ? $0 : nil }
                if interval == nil { left.append("SCAN_DB_INTERVAL: it is no number of seconds") }
            case "USER": user = value.isEmpty ? nil : value
            case "PASSWORD": passwordHash = value.isEmpty ? nil : value
            case "LISTEN": left.append("LISTEN: say it to sluice serve --listen")
            case "GITEE_ACCESS_TOKEN": left.append("GITEE_ACCESS_TOKEN: put it where the Forge's spec.gitee.token says")
            case "GITHUB_ACCESS_TOKEN":
                left.append("GITHUB_ACCESS_TOKEN: upstreams are fetched by git, which needs none for public ones")
            default: left.append("\"\(TextScrubber(limit: 60).scrub(key))\": it means nothing here")
            }
        }
    }
}

extension Substring {
    /// Without spaces at either end.
    fileprivate var trimmed: Substring {
        let isSpace = { (character: Character) in character == " " || character == "\t" || character == "\r" }
        var rest = drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return rest
    }
}
