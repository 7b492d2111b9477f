import DesiredState
import Diagnostics
import GitClient
import PatchSeries

/// What people are told of a series: the title by its content, and a table of its patches.
struct TrackingReport {
    let name: String
    let source: UpstreamSource
    let commitPage: String?
    let rows: [PatchRow]
    let series: Series
    /// The commits that came with a patch's own.
    let brought: [ObjectID: [CommitLine]]
    /// Commits that the package has.
    let known: Set<ObjectID>
    let ignored: [CommitLine]
    let absorbed: [String]
    /// Whom the text asks to look, where the host has no other way to.
    let mentions: [String]
    let hasSources: Bool
    /// How many commits upstream has for which there is no room in one merge request.
    let remaining: Int

    /// The most patches in a table, and bytes of a text: hosts cut or refuse longer ones.
    private static let shown = 150
    /// The most commits that are listed of what came with one patch, and with all of them.
    private static let (listed, listedInAll) = (50, 200)
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
        parts += companions
        if remaining > 0 {
            parts.append(
                "Upstream has \(remaining) more commit\(remaining == 1 ? "" : "s") than one merge request takes; "
                    + "they come with the next ones.")
        }
        if !absorbed.isEmpty {
            parts.append(
                "Upstream has these patches that the package carries; they can be dropped:\n\n"
                    + absorbed.prefix(Self.shown).map { "- \(code($0))" }.joined(separator: "\n"))
        }
        if !ignored.isEmpty { parts.append("\(ignored.count) commits are left out, as the desired state says.") }
        if !series.empty.isEmpty { parts.append("\(series.empty.count) commits change no file.") }
        if !mentions.isEmpty { parts.append(mentions.map { "@\($0)" }.joined(separator: " ")) }
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

    /// What came with a merge, or is in one patch for all: each commit by itself.
    private var companions: [String] {
        var room = Self.listedInAll
        return rows.prefix(Self.shown).compactMap { row in
            guard let commits = brought[row.commit].map({ $0.filter { $0.id != row.commit } }), !commits.isEmpty else {
                return nil
            }
            let shown = commits.prefix(min(room, Self.listed))
            room -= shown.count
            var lines = shown.map { commit in
                "- \(link(commit.id)) \(cell(commit.subject))\(known.contains(commit.id) ? " (the package has it)" : "")"
            }
            if commits.count > shown.count {
                lines.append(shown.isEmpty ? "- \(commits.count) commits" : "- and \(commits.count - shown.count) more")
            }
            return "With \(link(row.commit)) came:\n\n" + lines.joined(separator: "\n")
        }
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
        for line in text.parts(at: "\n") {
            size += line.utf8.count + 1
            guard size <= Self.limit else { break }
            lines.append(line)
        }
        return lines.joined(separator: "\n") + "\n\nThe rest is left out here; the branch has all of it."
    }
}
