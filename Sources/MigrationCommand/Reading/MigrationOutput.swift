import ChildProcess
import Diagnostics

/// How one start of a program ended, with what is needed to read it.
struct MigrationOutput: Sendable {
    let result: ChildResult
    /// The place of the content as the program saw it, with a slash at the end.
    let contentRoot: String
    /// The folder that the program was started in, as a path in the content.
    let folder: String

    /// What the sandbox says when it cannot be made, before any program is started. A program may say the same, and is
    /// then tried a few times.
    var sandboxFailure: MigrationFailure? {
        guard result.status == .exited(1), result.standardOutput.isEmpty,
            errorLines.first?.begins(with: "bwrap: ") == true
        else { return nil }
        return MigrationFailure(.interrupted, "the sandbox could not be made: \(errorLines.first ?? "")")
    }

    /// The lines of standard output, without blanks at their ends.
    var outputLines: [String] { Self.lines(result.outputText) }
    /// The lines of standard error, without blanks at their ends.
    var errorLines: [String] { Self.lines(result.errorText) }

    /// A path that the program printed, as a path in the content.
    func contentPath(_ printed: some StringProtocol) -> String {
        String(printed.rest(after: contentRoot) ?? Substring(printed))
    }

    /// A path in the content that a printed path stands for; nil when it is elsewhere.
    func fileOfContent(_ printed: some StringProtocol) -> String? {
        if let path = printed.rest(after: contentRoot) { return String(path) }
        guard !printed.begins(with: "/"), !printed.begins(with: "<"), !printed.isEmpty else { return nil }
        return folder.isEmpty ? String(printed) : "\(folder)/\(printed)"
    }

    /// A text with the content's place taken out of it.
    func relative(_ text: String) -> String { text.replacingAll(contentRoot, with: "") }

    private static func lines(_ text: String) -> [String] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
            String(line.reversed().drop(while: \.isWhitespace).reversed())
        }
    }
}
