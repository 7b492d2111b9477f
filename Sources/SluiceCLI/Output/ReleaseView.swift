import DesiredState
import Diagnostics
import Terminal

/// A release of the API for people.
enum ReleaseView {
    /// The walk: a row for each branch.
    static func walk(of release: JSONValue, isWide: Bool) -> Table {
        var table = Table(
            ["STEP", "STATE", "BRANCH", "RESULT", "NEXT MERGE", "PINS"] + (isWide ? ["MERGE", "TREE"] : []))
        for step in release["status"]?["steps"]?.array ?? [] {
            for target in step["targets"]?.array ?? [] {
                table.add([step["name"]?.string, step["word"]?.string] + cells(target, isWide: isWide))
            }
        }
        for target in release["status"]?["strays"]?.array ?? [] {
            table.add(["in no batch", nil] + cells(target, isWide: isWide))
        }
        return table
    }

    /// What is to be said beside the table: what is released, who approved, and what it waits for.
    static func notes(on release: JSONValue) -> [String] {
        let (spec, status) = (release["spec"], release["status"])
        var lines: [String] = []
        if let commit = status?["commit"]?.string {
            let approvers = status?["approvedBy"]?.array?.compactMap(\.string) ?? []
            let needed = status?["approvalsRequired"]?.integer ?? 0
            let words =
                approvers.isEmpty ? "\(needed) needed" : "by \(approvers.joined(separator: ", ")) (\(needed) needed)"
            lines.append("\(spec?["source"]?.string ?? "") at \(commit.prefix(8)), approved: \(words)")
        }
        lines.append("target: \(spec?["target"]?.string ?? "draft")")
        for module in status?["modules"]?.array ?? [] { lines += commits(of: module) }
        for target in targets(status) {
            guard let branch = target["branch"]?.string else { continue }
            for path in target["conflicts"]?.array?.compactMap(\.string) ?? [] {
                lines.append("\(branch): conflict in \(path)")
            }
            for side in target["sides"]?.array ?? [] { lines += sides(side) }
            if let arrival = target["arrival"], let reason = arrival["reason"]?.string {
                let due = arrival["due"]?.string ?? ""
                lines.append(
                    arrival["state"]?.string == "overdue"
                        ? "\(branch): not deployed by \(due): \(reason)" : "\(branch): not deployed yet: \(reason)")
            }
            if target["isAltered"]?.bool == true, let tree = target["tree"]?.string {
                lines.append("\(branch): its merge is not what its parents give; it holds the tree \(tree)")
            }
            if let failure = target["failure"]?.string { lines.append("\(branch): \(failure)") }
        }
        let moving = targets(status).filter { $0["movesFiles"]?.bool == true }.compactMap { $0["branch"]?.string }
        if let first = moving.first {
            let more = moving.count > 1 ? " and \(moving.count - 1) more" : ""
            lines.append("\(first)\(more): files are moved; the code host's own merge has the last word there")
        }
        if let names = status?["leftAlone"]?.array?.compactMap(\.string), !names.isEmpty {
            lines.append("left alone, for it holds somebody's commits: \(names.joined(separator: ", "))")
        }
        if let message = ResourceView.condition("Ready", of: release)?["message"]?.string, !message.isEmpty {
            lines.append(message)
        }
        if let until = status?["waitingOn"]?["what"]?.string, !lines.contains(until) {
            lines.append("waits for: \(until)")
        }
        return lines
    }

    private static func targets(_ status: JSONValue?) -> [JSONValue] {
        (status?["steps"]?.array ?? []).flatMap { $0["targets"]?.array ?? [] } + (status?["strays"]?.array ?? [])
    }

    private static func cells(_ target: JSONValue, isWide: Bool) -> [String?] {
        let pins = (target["pins"]?.array ?? []).map { pin in
            "\(pin["module"]?.string ?? "") \(abbreviated(pin["old"])) → \(abbreviated(pin["new"]))"
        }
        let shown = isWide ? pins : Array(pins.prefix(2)) + (pins.count > 2 ? ["…"] : [])
        var cells: [String?] = [
            target["branch"]?.string, result(of: target), target["verdict"]?.string,
            shown.joined(separator: ", "),
        ]
        if isWide { cells += [target["merge"]?.string.map { String($0.prefix(8)) }, target["tree"]?.string] }
        return cells
    }

    /// What a branch has, and what would come.
    private static func sides(_ side: JSONValue) -> [String] {
        let path = side["path"]?.string ?? ""
        return [("has", "ours"), ("would get", "theirs")].flatMap { words, key in
            ["  \(path) \(words):"]
                + (side[key]?.string ?? "").words(at: "\n").prefix(3).map { "    \($0)" }
        }
    }

    /// What lies between two pins: how many commits, and the newest few.
    private static func commits(of module: JSONValue) -> [String] {
        let (added, removed) = (module["added"]?.integer ?? 0, module["removed"]?.integer ?? 0)
        let counts = [
            added > 0 ? "\(added) commit\(added == 1 ? "" : "s")" : nil,
            removed > 0 ? "\(removed) commit\(removed == 1 ? "" : "s") taken away" : nil,
        ]
        let words = counts.compactMap(\.self).joined(separator: ", ")
        let head =
            "\(module["module"]?.string ?? "") \(abbreviated(module["old"])) → \(abbreviated(module["new"])): "
            + (words.isEmpty ? "the same commit" : words)
        let all = module["commits"]?.array?.compactMap(\.string) ?? []
        let more = max(added, removed) > shownCommits && !all.isEmpty ? ["  …"] : []
        return [head] + all.prefix(shownCommits).map { "  \($0)" } + more
    }

    private static let shownCommits = 5

    /// What became of a branch, and whether that is deployed where it is to be proved.
    private static func result(of target: JSONValue) -> String? {
        let words = ["arrived": "arrived", "awaited": "not arrived yet", "overdue": "not arrived in time"]
        let arrival = target["arrival"]?["state"]?.string.flatMap { words[$0] }
        return target["result"]?.string.map { result in arrival.map { "\(result), \($0)" } ?? result }
    }

    private static func abbreviated(_ pin: JSONValue?) -> String {
        guard let text = pin?.string else { return "none" }
        return text.wholeMatch(of: /[0-9a-f]{40}/) == nil ? text : String(text.prefix(8))
    }
}
