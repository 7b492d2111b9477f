import Diagnostics

/// What a program's output says about its failure.
struct MigrationFailure: Hashable, Sendable {
    /// What kind of failure it is.
    enum Kind: Hashable, Sendable {
        /// The content does not migrate.
        case content
        /// There is more than one head.
        case heads
        /// The program ended well without getting to the end.
        case notAtHead
        /// The session ended under the program, or the server told it to come back later.
        case interrupted
        /// The program never got to a database.
        case unreachable
    }

    let kind: Kind
    /// What failed, in the program's words: as a text it is a stranger's.
    let message: String
    let hint: String?
    /// The file of the content, when known.
    let file: String?
    let line: Int?

    init(_ kind: Kind, _ message: String, hint: String? = nil, file: String? = nil, line: Int? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
        self.file = file
        self.line = line
    }

    /// The failure as it is reported, cleaned by `scrubber`.
    ///
    /// - Parameter program: What was run, to begin the message with.
    func error(of program: String, _ scrubber: TextScrubber) -> SluiceError {
        let (code, errorKind): (SluiceError.Code, SluiceError.Kind) =
            switch kind {
            case .content: ("migration.failed", .stalled)
            case .heads: ("migration.several-heads", .stalled)
            case .notAtHead: ("migration.incomplete", .stalled)
            case .interrupted, .unreachable: (MigrationPrograms.interrupted, .transient)
            }
        let location = file.flatMap { $0.isEmpty ? nil : $0 }.map {
            SourceLocation(file: scrubber.scrub($0), line: line)
        }
        return SluiceError(
            code, errorKind, "\(program): \(scrubber.scrub(message))", hint: hint.map(scrubber.scrub), at: location)
    }
}
