import DesiredState
import Terminal

/// The branches of a control repository for people.
enum DriftView {
    /// A row for each branch.
    static func matrix(of repository: JSONValue, isWide: Bool) -> Table {
        var table = Table(["BRANCH", "FROM", "AHEAD", "BEHIND", "DRIFT"] + (isWide ? ["HEAD"] : []))
        for branch in branches(repository) {
            let kinds = (branch["findings"]?.array ?? []).compactMap { finding -> String? in
                guard let kind = finding["kind"]?.string else { return nil }
                return finding["accepted"]?["reason"] == nil ? kind : "\(kind) (accepted)"
            }
            var cells = [
                branch["branch"]?.string, branch["upstream"]?.string, branch["ahead"]?.integer.map(String.init),
                branch["behind"]?.integer.map(String.init), kinds.isEmpty ? "none" : kinds.joined(separator: ", "),
            ]
            if isWide { cells.append(branch["head"]?.string) }
            table.add(cells)
        }
        return table
    }

    /// What was found, a sentence each.
    static func sentences(on repository: JSONValue) -> [String] {
        branches(repository).flatMap { branch in
            (branch["findings"]?.array ?? []).compactMap { finding in
                guard let name = branch["branch"]?.string, let sentence = finding["sentence"]?.string else {
                    return nil
                }
                let accepted = finding["accepted"]?["reason"]?.string.map { " (accepted: \($0))" } ?? ""
                return "\(name): \(sentence)\(accepted)".harmless
            }
        }
    }

    private static func branches(_ repository: JSONValue) -> [JSONValue] {
        repository["status"]?["branches"]?.array ?? []
    }
}
