import DesiredState
import Terminal

/// Findings as lines for people: what was looked at, how it is, what was found, and below it what mends it.
enum DoctorView {
    static func lines(_ document: JSONValue) -> [String] {
        let items = document["items"]?.array ?? []
        let width = items.map { name($0).count }.max() ?? 0
        return items.flatMap { item in
            let state = item["state"]?.string ?? ""
            let name = name(item)
            let padding = String(repeating: " ", count: width - name.count)
            let found = (item["found"]?.string ?? "").oneLine
            let fix = item["fix"]?.string.map { ["    → \($0.oneLine)"] } ?? []
            return ["\(word(state))  \(name)\(padding)  \(found)"] + fix
        }
    }

    /// Whether the controller says that all works, of findings that are all understood here.
    static func isHealthy(_ document: JSONValue, strict: Bool = false) -> Bool {
        let states = (document["items"]?.array ?? []).map { $0["state"]?.string ?? "" }
        let fine = strict ? ["ok", "not-checked"] : ["ok", "not-checked", "warning"]
        return document["healthy"] == true && !states.isEmpty && states.allSatisfy(fine.contains)
    }

    private static func name(_ item: JSONValue) -> String {
        [item["subject"]?.string, item["check"]?.string].compactMap(\.self).joined(separator: " ").oneLine
    }

    private static func word(_ state: String) -> String {
        switch state {
        case "ok": "ok         "
        case "warning": "warning    "
        case "failed": "failed     "
        default: "not checked"
        }
    }
}
