import Foundation

/// A record as one line of JSON. It is written by hand, because a run writes two for each changeset.
extension AttemptRecord {
    /// The line, without its end. Lines are short: long messages are cut, so that a line is written in one piece.
    var line: String {
        var text = "{\"time\":\"\(Self.stamp(time))\",\"event\":\"\(event.rawValue)\""
        func add(_ key: String, _ value: String?) {
            guard let value else { return }
            text += ",\"\(key)\":"
            Self.quote(value, into: &text)
        }
        func add(_ key: String, _ value: (some BinaryInteger)?) {
            if let value { text += ",\"\(key)\":\(value)" }
        }
        add("run", run)
        add("database", database)
        add("actor", actor)
        add("engine", engine)
        add("path", changeSet?.path)
        add("id", changeSet?.id)
        add("author", changeSet?.author)
        add("checksum", checksum)
        add("attempt", attempt)
        add("statement", statement)
        add("statements", statementCount)
        add("sqlState", sqlState)
        add("location", location)
        add("message", message)
        add("ms", milliseconds)
        if !blockers.isEmpty, let data = try? JSONEncoder().encode(blockers) {
            text += ",\"blockers\":" + String(decoding: data, as: UTF8.self)
        }
        return text + "}"
    }

    /// Reads a line; nil when it is none of ours.
    init?(line: some StringProtocol) {
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(line.utf8)),
            let time = try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(wire.time)
        else { return nil }
        var identity: ChangeSet.Identity?
        if let id = wire.id, let author = wire.author, let path = wire.path {
            identity = ChangeSet.Identity(id: id, author: author, path: path)
        }
        self.init(
            wire.event, time: time, run: wire.run, database: wire.database, actor: wire.actor, engine: wire.engine,
            changeSet: identity)
        checksum = wire.checksum
        attempt = wire.attempt
        statement = wire.statement
        statementCount = wire.statements
        sqlState = wire.sqlState
        location = wire.location
        message = wire.message
        milliseconds = wire.ms
        blockers = wire.blockers ?? []
    }

    private struct Wire: Decodable {
        var time: String
        var event: Event
        var run: String
        var database: String?
        var actor: String
        var engine: String
        var path: String?
        var id: String?
        var author: String?
        var checksum: String?
        var attempt: Int?
        var statement: Int?
        var statements: Int?
        var sqlState: String?
        var location: String?
        var message: String?
        var ms: Int64?
        var blockers: [BlockingSession]?
    }

    private static func stamp(_ time: Date) -> String {
        time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    private static func quote(_ value: String, into text: inout String) {
        text += "\""
        defer { text += "\"" }
        if value.utf8.count <= 1000, !value.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) {
            text += value
            return
        }
        for scalar in value.unicodeScalars.prefix(1000) {
            switch scalar {
            case "\"", "\\":
                text.unicodeScalars.append("\\")
                text.unicodeScalars.append(scalar)
            case "\n": text += "\\n"
            case _ where scalar.value < 0x20:
                text += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
