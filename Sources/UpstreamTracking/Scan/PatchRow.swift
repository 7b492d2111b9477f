import Diagnostics
public import GitClient
public import PatchSeries

/// One patch of a series with what became of it, as it is told and kept.
public struct PatchRow: Hashable, Sendable, Codable {
    /// The commit.
    public let commit: ObjectID
    /// Its first line.
    public let subject: String
    /// Who wrote it.
    public let author: String
    /// How many commits came with it.
    public let brought: Int
    /// Whether it fits the package.
    public let status: PatchStatus
    /// What is in its way, a sentence; nil when nothing is.
    public let reason: String?

    /// Makes a row.
    public init(
        commit: ObjectID, subject: String, author: String, brought: Int = 0, status: PatchStatus, reason: String? = nil
    ) {
        self.commit = commit
        self.subject = subject
        self.author = author
        self.brought = brought
        self.status = status
        self.reason = reason
    }
}

extension PatchRow {
    /// - Parameter merges: Whether git merges the change without a conflict where its text does not fit.
    init(_ patch: SeriesPatch, _ step: SeriesCheck.Step, merges: Bool = false) {
        // They are a stranger's, and are kept in the status.
        func short(_ text: String, _ limit: Int) -> String { TextScrubber(limit: limit).scrub(text) }
        let failing = step.application.files.first { $0.status == .conflict }
        let sentence = failing.map(PatchRow.sentence)
        let after = step.followsConflict && failing != nil ? " (an earlier patch did not fit)" : ""
        self.init(
            commit: patch.commit, subject: short(patch.words.subject, 300), author: short(patch.words.author, 200),
            brought: patch.brought.count, status: step.application.status,
            reason: sentence.map { short($0, 800) + after + (merges ? "; git merges it without a conflict" : "") })
    }

    /// What is wrong with a file, and where.
    private static func sentence(_ file: FileOutcome) -> String {
        switch file.problem {
        case .hunks:
            for case .conflict(let line, let nearest, let isSought) in file.hunks {
                guard let nearest else {
                    return "\(file.path):\(line): \(isSought ? "nothing like it is there" : "it does not fit")"
                }
                let found = nearest.found.map { "\"\($0)\"" } ?? "the end of the file"
                return
                    "\(file.path):\(nearest.differsAt): expected \"\(nearest.expected)\", found \(found) "
                    + "(\(nearest.matching) of \(nearest.total) lines match from line \(nearest.line))"
            }
            return "\(file.path): it does not fit"
        case .partlyApplied: return "\(file.path): a part of it has been applied before"
        case .missing(let place?): return "\(file.path): there is no such file, it would fit \(place)"
        case .missing(nil): return "\(file.path): there is no such file"
        case .exists: return "\(file.path): another file is there already"
        case .leftovers: return "\(file.path): it is to go and has more in it"
        case .binaryMismatch: return "\(file.path): the binary file is another one"
        case .binaryMissing: return "\(file.path): the patch does not hold the binary file"
        case .otherKind: return "\(file.path): it is of another kind here"
        case .gone: return "\(file.path): an earlier part of the patch has taken it away"
        case nil: return "\(file.path): a part of it has been applied before"
        }
    }
}

extension [PatchRow] {
    /// For each patch, whether it is added to the package: what the package has already would stop its build.
    ///
    /// Behind a patch that does not fit all are added: what they meet depends on what a person makes of that one.
    var areAdded: [Bool] {
        let broken = firstIndex { $0.status == .conflict } ?? endIndex
        return enumerated().map { index, row in row.status != .alreadyApplied || index > broken }
    }
}
