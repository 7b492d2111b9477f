import DesiredState
import GitClient
import PatchSeries

/// What people are told of a series: the title by its content, and a table of its patches.
struct TrackingReport {
    let name: String
    let source: UpstreamSource
    let commitPage: String?
    let rows: [PatchRow]
    let series: Series
    let ignored: [CommitLine]
    let absorbed: [String]
    let reviewers: [String]
    let hasSources: Bool
    /// Whether upstream has more, for which there is no room in one merge request.
    let isPart: Bool

    /// The most patches in a table, and bytes of a text: hosts cut or refuse longer ones.
    private static let shown = 150
    private static let limit = 50_000

    var text: ProposalText {
        ProposalText(title: title, request: cut(request), issue: cut(issue))
    }

    private var title: String {
        let added = zip(rows, rows.areAdded).filter(\.1).map(\.0)
        guard added.count != 1, let last = added.last else { return "\(name): \(line(added.first?.subject ?? ""))" }
        return
            "\(name): \(added.count) patches of upstream's \(line(source.branch)), up to \(line(last.subject))"
    }

    /// Hosts have room for some 250 characters in a title.
    private func line(_ text: String) -> String { InertText(text, limit: 100).plain }

    private var request: String {
        var parts = [lead, verdict, table]
        if series.form == .squashed, rows.count == 1 {
            parts.append("The history has no series of patches that leads to what upstream has: this is one for all.")
        }
        if isPart { parts.append("Upstream has more than one merge request may take; it comes with the next one.") }
        if !absorbed.isEmpty {
            parts.append(
                "Upstream has these patches that the package carries; they can be dropped:\n\n"
                    + absorbed.prefix(Self.shown).map { "- \(code($0))" }.joined(separator: "\n"))
        }
        if !ignored.isEmpty { parts.append("\(ignored.count) commits are left out, as the desired state says.") }
        if !series.empty.isEmpty { parts.append("\(series.empty.count) commits change no file.") }
        if !reviewers.isEmpty { parts.append(reviewers.map { "@\($0)" }.joined(separator: " ")) }
        parts.append("New commits are added here while this is open. Commits that people put on the branch are kept.")
        return parts.joined(separator: "\n\n")
    }

    private var issue: String {
        [
            lead, verdict, table, "The patches are on the branch \(code("patch-tracking/\(name)/\(source.branch)")).",
        ].joined(separator: "\n\n")
    }

    private var lead: String {
        "Upstream's \(code(source.branch)) has \(series.commits) commit\(series.commits == 1 ? "" : "s") that the package "
            + "does not: from \(link(series.cursor)) to \(link(series.head))."
    }

    private var verdict: String {
        let failing = rows.count { $0.status == .conflict }
        let target = hasSources ? "the package's files" : "upstream's files with the patches that the package carries"
        let left = rows.areAdded.count { !$0 }
        let known = left == 0 ? "" : " \(left) of \(rows.count) are left out: the package has them."
        return failing == 0
            ? "All patches fit \(target), one on the result of the other.\(known)"
            : "**\(failing) of \(rows.count) patches do not fit** \(target).\(known)"
    }

    private var table: String {
        var lines = ["| | Commit | Subject | Author | Fits |", "|---|---|---|---|---|"]
        for (index, (row, isAdded)) in zip(rows, rows.areAdded).prefix(Self.shown).enumerated() {
            let brought = row.brought > 0 ? " (brings \(row.brought) commits)" : ""
            let verdict =
                isAdded
                ? row.reason.map { "**\(word(row.status))**: \(cell($0))" } ?? word(row.status)
                : "left out: the package has it"
            lines.append(
                "| \(index + 1) | \(link(row.commit)) | \(cell(row.subject))\(brought) | \(cell(row.author)) | \(verdict) |"
            )
        }
        if rows.count > Self.shown { lines.append("\nand \(rows.count - Self.shown) more, all of them on the branch") }
        return lines.joined(separator: "\n")
    }

    private func word(_ status: PatchStatus) -> String {
        switch status {
        case .clean: "yes"
        case .offset: "yes, some lines away"
        case .alreadyApplied: "applied before"
        case .conflict: "no"
        }
    }

    private func link(_ commit: ObjectID) -> String {
        commitPage.map { "[\(commit.abbreviated)](\($0)\(commit))" } ?? code(commit.abbreviated)
    }

    private func code(_ text: String) -> String { InertText(text).code }

    private func cell(_ text: String) -> String { InertText(text).markdown }

    private func cut(_ text: String) -> String {
        guard text.utf8.count > Self.limit else { return text }
        var lines: [Substring] = []
        var size = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            size += line.utf8.count + 1
            guard size <= Self.limit else { break }
            lines.append(line)
        }
        return lines.joined(separator: "\n") + "\n\nThe rest is left out here; the branch has all of it."
    }
}
