import DesiredState
import Terminal

/// Planned tasks of the API as rows.
enum PlanView {
    /// A table of tasks in the order in which they would be carried out.
    static func table(_ tasks: [JSONValue]) -> Table {
        var table = Table(["STEP", "ACTION", "TARGET", "DETAILS"])
        for (index, task) in tasks.enumerated() {
            let details = (task["details"]?.object ?? [:]).sorted { $0.key < $1.key }
                .map { "\($0.key)=\($0.value.string ?? $0.value.canonicalText)" }
            table.add([
                String(index + 1), task["action"]?.string, task["target"]?.string, details.joined(separator: " "),
            ])
        }
        return table
    }
}
