import DesiredState
import Terminal

/// The branches of a control repository for people.
enum DriftView {
    /// A row for each branch.
    static func matrix(of repository: JSONValue, isWide: Bool) -> Table {
        var table = Table(["BRANCH", "FROM", "AHEAD", "BEHIND", "DRIFT"] + (isWide ? ["HEAD"] : []))
        for branch in branches(repository) {
            var kinds = (branch["findings"]?.array ?? []).compactMap { finding -> String? in
                guard let kind = finding["kind"]?.string else { return nil }
                return finding["accepted"]?["reason"] == nil ? kind : "\(kind) (accepted)"
            }
            if !gaps(branch).isEmpty { kinds.append("not checked") }
            var cells = [
                branch["branch"]?.string, branch["upstream"]?.string, branch["ahead"]?.integer.map(String.init),
                branch["behind"]?.integer.map(String.init), kinds.isEmpty ? "none" : kinds.joined(separator: ", "),
            ]
            if isWide { cells.append(branch["head"]?.string) }
            table.add(cells)
        }
        return table
    }

    /// What was found and what could not be looked at, a sentence each.
    static func sentences(on repository: JSONValue) -> [String] {
        guard repository["status"]?["branches"] != nil else { return ["nobody has looked at the branches yet"] }
        return branches(repository).flatMap { branch in
            let found = (branch["findings"]?.array ?? []).compactMap { finding in
                finding["sentence"]?.string.map { sentence in
                    sentence + (finding["accepted"]?["reason"]?.string.map { " (accepted: \($0))" } ?? "")
                }
            }
            return (found + gaps(branch).map { "not checked: \($0)" }).map {
                "\(branch["branch"]?.string ?? ""): \($0)"
            }
        }
    }

    /// Whether all branches were looked at, and none has drift that nobody accepted.
    static func isClean(_ repository: JSONValue) -> Bool {
        repository["status"]?["drifted"]?.array?.isEmpty == true
            && branches(repository).allSatisfy { gaps($0).isEmpty }
    }

    private static func gaps(_ branch: JSONValue) -> [String] { branch["gaps"]?.array?.compactMap(\.string) ?? [] }

    private static func branches(_ repository: JSONValue) -> [JSONValue] {
        repository["status"]?["branches"]?.array ?? []
    }
}
