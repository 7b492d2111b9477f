import GitClient

/// How many lines each file of a patch gains and loses, as people read it before the difference.
struct PatchStatistics {
    /// How many files are named.
    private static let limit = 200
    private let patch: Patch

    init(_ patch: Patch) { self.patch = patch }

    var text: String {
        let rows = patch.files.map { file in
            let kinds = file.hunks.flatMap { $0.lines.map(\.kind) }
            return (
                name: name(of: file), added: kinds.count { $0 == .added }, removed: kinds.count { $0 == .removed },
                isBinary: file.binary != nil
            )
        }
        let width = rows.prefix(Self.limit).map(\.name.utf8.count).max() ?? 0
        var lines = rows.prefix(Self.limit).map { row in
            let name = row.name + String(repeating: " ", count: width - row.name.utf8.count)
            let line = " \(name) | \(row.isBinary ? "Bin" : "+\(row.added) -\(row.removed)")\n"
            // Files may be called as differences begin.
            return MailBody.beginsDifference(line) ? MailBody.quoted(line) : line
        }
        if rows.count > Self.limit { lines.append(" ... and \(rows.count - Self.limit) more\n") }
        let (added, removed) = (rows.reduce(0) { $0 + $1.added }, rows.reduce(0) { $0 + $1.removed })
        lines.append(
            " \(rows.count) file\(rows.count == 1 ? "" : "s") changed, \(added) insertion\(added == 1 ? "" : "s")(+), "
                + "\(removed) deletion\(removed == 1 ? "" : "s")(-)\n")
        return lines.joined()
    }

    /// The name, on one line and in ASCII.
    private func name(of file: FilePatch) -> String {
        let name = file.change == .renamed || file.change == .copied ? "\(file.oldPath) => \(file.newPath)" : file.path
        return String(
            String.UnicodeScalarView(name.unicodeScalars.map { (0x20..<0x7F).contains($0.value) ? $0 : "?" }))
    }
}
