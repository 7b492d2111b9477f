import DesiredState
import Terminal

/// Runs, tasks and events of the API as rows.
enum HistoryView {
    /// A table of runs.
    static func runs(_ document: JSONValue, isWide: Bool) -> Table {
        var columns = ["RUN", "OBJECT", "REVISION", "STATUS", "TOOK", "AGE", "BECAUSE"]
        if isWide { columns += ["ATTEMPT", "WORKER"] }
        var table = Table(columns + ["ERROR"])
        for run in document["items"]?.array ?? [] {
            var cells = [
                run["id"]?.integer.map(String.init), name(run, isWide: isWide),
                ResourceView.abbreviated(run["revision"]),
                run["status"]?.string, Age.seconds(run["seconds"]), age(run["startedAt"]),
                run["reasons"]?.array?.compactMap(\.string).joined(separator: ", "),
            ]
            if isWide { cells += [run["attempt"]?.integer.map(String.init), run["worker"]?.string] }
            table.add(cells + [error(run, isWide: isWide)])
        }
        return table
    }

    /// A table of tasks, in the order of the plan when they are of one run.
    static func tasks(_ document: JSONValue, isWide: Bool) -> Table {
        var table = Table(["TASK", "ACTION", "TARGET", "STATUS", "TOOK", "ERROR"])
        let tasks = document["items"]?.array ?? []
        for task in tasks.sorted(by: { ($0["position"]?.integer ?? 0) < ($1["position"]?.integer ?? 0) }) {
            table.add([
                task["id"]?.integer.map(String.init), task["action"]?.string, task["target"]?.string,
                task["status"]?.string, Age.seconds(task["seconds"]), error(task, isWide: isWide),
            ])
        }
        return table
    }

    /// A table of tasks of many runs, newest first.
    static func tasksOfRuns(_ document: JSONValue, isWide: Bool) -> Table {
        var columns = ["TASK", "RUN", "OBJECT", "ACTION", "TARGET", "STATUS", "TOOK", "AGE"]
        if isWide { columns += ["REVISION", "ATTEMPT"] }
        var table = Table(columns + ["ERROR"])
        for task in document["items"]?.array ?? [] {
            var cells = [
                task["id"]?.integer.map(String.init), task["run"]?.integer.map(String.init), name(task, isWide: isWide),
                task["action"]?.string, task["target"]?.string, task["status"]?.string, Age.seconds(task["seconds"]),
                age(task["startedAt"]),
            ]
            if isWide {
                cells += [
                    ResourceView.abbreviated(task["revision"]), task["attempt"]?.integer.map(String.init),
                ]
            }
            table.add(cells + [error(task, isWide: isWide)])
        }
        return table
    }

    /// A run in some lines, what it was about first.
    static func lines(ofRun run: JSONValue) -> [String] {
        let name = ResourceView.shortName(run["kind"], run["name"]) ?? ""
        let began = [run["startedAt"]?.string, age(run["startedAt"]).map { "\($0) ago" }].compactMap(\.self)
        let fields: [(String, String?)] = [
            ("revision", run["revision"]?.string), ("generation", run["generation"]?.integer.map(String.init)),
            ("because", run["reasons"]?.array?.compactMap(\.string).joined(separator: ", ")),
            ("began", began.joined(separator: ", ")), ("took", Age.seconds(run["seconds"])),
            ("attempt", run["attempt"]?.integer.map(String.init)), ("worker", run["worker"]?.string),
            ("error", run["error"]?["message"]?.string),
        ]
        return ["run \(run["id"]?.integer ?? 0) of \(name): \(run["status"]?.string ?? "")"]
            + fields.flatMap { Explanation.field($0.0, $0.1) } + [""]
    }

    /// A table of events.
    static func events(_ document: JSONValue) -> Table {
        var table = Table(["LAST SEEN", "TYPE", "REASON", "OBJECT", "COUNT", "MESSAGE"])
        for event in document["items"]?.array ?? [] {
            table.add([
                age(event["lastSeen"]), event["type"]?.string, event["reason"]?.string, name(event, isWide: false),
                event["count"]?.integer.map(String.init), event["message"]?.string,
            ])
        }
        return table
    }

    private static func name(_ item: JSONValue, isWide: Bool) -> String? {
        ResourceView.shortName(item["kind"], item["name"]).map { ResourceView.fitting($0, isWide: isWide) }
    }

    private static func age(_ time: JSONValue?) -> String? { Age.since(time, now: CommandContext.current.now()) }

    private static func error(_ item: JSONValue, isWide: Bool) -> String? {
        guard let message = item["error"]?["message"]?.string else { return nil }
        return isWide ? message : message.cut(to: 60)
    }
}
