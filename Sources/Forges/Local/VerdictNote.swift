import Diagnostics
import GitClient

/// The text of a commit's note: one section for each candidate that stands at the commit, mostly one.
///
///     Verified: -1
///     Candidate: 1042
///     Summary: changeset 7 failed: relation "owners" does not exist
///
///     master.xml → tables/7.xml:12
///     …
///
/// A body cannot forge a section: its lines that begin with `Verified:`, after any number of `>`, get one `>` more.
struct VerdictNote {
    private let revision: ObjectID
    private var reports: [VerdictReport]

    /// Reads a note. What does not have the form of a section was not written by us and is dropped when the note is
    /// written again.
    init(text: String, revision: ObjectID) {
        self.revision = revision
        reports = []
        var section: [Substring] = []
        for line in text.parts(at: "\n") {
            if line.bytes(after: Self.mark) != nil {
                reports += [VerdictReport(section: section, revision: revision)].compactMap(\.self)
                section = []
            }
            section.append(line)
        }
        reports += [VerdictReport(section: section, revision: revision)].compactMap(\.self)
    }

    /// The report on a candidate.
    func report(of candidate: CandidateID) -> VerdictReport? { reports.first { $0.candidate == candidate } }

    /// Puts a report in the place of the candidate's last one.
    mutating func set(_ report: VerdictReport) {
        if let index = reports.firstIndex(where: { $0.candidate == report.candidate }) {
            reports[index] = report
        } else {
            reports.append(report)
        }
    }

    /// The note as it is written.
    var text: String { reports.map(\.section).joined(separator: "\n") }

    static let mark = "Verified: "
}

extension VerdictReport {
    fileprivate var section: String {
        var text = "\(VerdictNote.mark)\(verdict.label)\nCandidate: \(candidate)\nSummary: \(summary)\n"
        guard !body.isEmpty else { return text }
        text += "\n"
        for line in body.parts(at: "\n") {
            text += "\(line.looksLikeSection ? ">" : "")\(line)\n"
        }
        return text
    }

    fileprivate init?(section: [Substring], revision: ObjectID) {
        guard section.count >= 3, let label = section[0].bytes(after: VerdictNote.mark),
            let name = section[1].bytes(after: "Candidate: "), let summary = section[2].bytes(after: "Summary: "),
            let verdict = Verdict.allCases.first(where: { $0.label == label }), let candidate = try? CandidateID(name)
        else { return nil }
        let body = section.dropFirst(3).map { line in
            line.utf8.first == UInt8(ascii: ">") && line.looksLikeSection ? Substring(line.utf8.dropFirst()) : line
        }
        self.init(
            candidate: candidate, revision: revision, verdict: verdict, summary: summary,
            body: body.joined(separator: "\n"))
    }
}

extension Substring {
    /// What stands after `prefix`, byte for byte: a stranger's combining mark would hide a prefix from `hasPrefix`.
    fileprivate func bytes(after prefix: String) -> String? {
        utf8.starts(with: prefix.utf8) ? String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : nil
    }

    /// Whether this line, without `>` at its beginning, would begin a section.
    fileprivate var looksLikeSection: Bool {
        utf8.drop { $0 == UInt8(ascii: ">") }.starts(with: VerdictNote.mark.utf8)
    }
}
