import Changelog
import DesiredState

/// What became of each changeset in a deploy, for the controller's history: by the books only those are known that ran.
///
/// Of a deploy of many changesets the last ones are kept, because what failed is among them.
actor DeployAttempts: AttemptLog {
    /// How many are kept.
    static let limit = 100

    private var ends: [AttemptRecord] = []
    private var begun: AttemptRecord?
    private var leftOut = 0

    func append(_ record: AttemptRecord) {
        guard record.event != .begun else { return begun = record }
        begun = nil
        ends.append(record)
        guard ends.count > Self.limit else { return }
        ends.removeFirst()
        leftOut += 1
    }

    /// The attempts as they are kept, oldest first; one without an end is the one in which the deploy was stopped.
    var notes: [String: JSONValue] {
        let all = ends + (begun.map { [$0] } ?? [])
        guard !all.isEmpty else { return [:] }
        let notes: [String: JSONValue] = ["attempts": .array(all.map(Self.note))]
        return leftOut == 0 ? notes : notes.merging(["attemptsLeftOut": .integer(leftOut)]) { note, _ in note }
    }

    private static func note(_ record: AttemptRecord) -> JSONValue {
        var note: [String: JSONValue] = ["event": .string(record.event.rawValue)]
        note["changeSet"] = record.changeSet.map { .string($0.description) }
        note["milliseconds"] = record.milliseconds.map { .integer(Int(clamping: $0)) }
        note["statement"] = record.statement.map { .integer($0) }
        note["statements"] = record.statementCount.map { .integer($0) }
        note["sqlState"] = record.sqlState.map { .string($0) }
        note["location"] = record.location.map { .string($0) }
        return .object(note)
    }
}
