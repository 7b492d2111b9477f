import Diagnostics
import PostgresClient

/// A `WHERE` clause put together of what a caller restricts, with numbered parameters; never with values in the text.
struct Conditions {
    private var terms: [String] = []
    /// The values for `$1`, `$2`, ….
    private(set) var parameters: [any PostgresParameter] = []

    /// The clause; empty without terms.
    var clause: String { terms.isEmpty ? "" : "WHERE " + terms.joined(separator: " AND ") }

    /// Adds a term whose `$` stands for the value; nothing when there is no value.
    mutating func add(_ term: String, _ value: (some PostgresParameter)?) {
        guard let value else { return }
        parameters.append(value)
        terms.append(term.replacingAll("$", with: "$\(parameters.count)"))
    }

    /// What runs and tasks are restricted by alike.
    mutating func restrict(_ filter: HistoryFilter) {
        add("run.kind = $", filter.kind)
        add("run.name = $", filter.name)
        add("run.revision = $", filter.revision)
        add("run.started_at >= $::timestamptz", filter.since)
        add("run.started_at < $::timestamptz", filter.until)
    }

    /// Restricts runs or tasks to those that took so long.
    mutating func restrictDuration(of row: String, _ filter: HistoryFilter) {
        // Two questions with an index each, instead of one about every row.
        add(
            """
            (\(row).ended_at - \(row).started_at >= $::bigint * interval '1 microsecond' OR \(row).ended_at IS NULL \
            AND \(row).started_at <= statement_timestamp() - $::bigint * interval '1 microsecond')
            """, filter.longerThan?.microseconds)
        add(
            "\(row).ended_at - \(row).started_at <= $::bigint * interval '1 microsecond'",
            filter.shorterThan?.microseconds)
    }

    /// Restricts runs to those with a task of a target, of an action, or with one task of both.
    mutating func addTaskOfRun(target: String?, action: String?) {
        var inner = Conditions()
        inner.parameters = parameters
        inner.add("task.target = $", target)
        inner.add("task.action = $", action)
        guard !inner.terms.isEmpty else { return }
        parameters = inner.parameters
        terms.append(
            "run.id IN (SELECT task.run_id FROM sluice.tasks AS task \(inner.clause))")
    }
}
