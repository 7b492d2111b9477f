import ChildProcess
import Diagnostics

/// Reads the failure of a program that nothing is known of: its last words.
enum PlainReader {
    private static let shownLines = 30

    static func failure(_ output: MigrationOutput) -> MigrationFailure? {
        guard !output.result.status.isSuccess else { return nil }
        let words = [output.errorLines, output.outputLines].map { lines in lines.filter { !$0.isEmpty } }
        let said = words.first { !$0.isEmpty } ?? []
        let text = output.relative(said.suffix(shownLines).joined(separator: "\n"))
        let trouble = ConnectionTrouble.find(in: words.joined().suffix(200).joined(separator: "\n"))
        return MigrationFailure(
            trouble ?? .content,
            "ended with \(output.result.status)" + (text.isEmpty ? " and said nothing" : "\n\(text)"))
    }
}
