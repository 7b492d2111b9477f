import ChildProcess
import Diagnostics

/// Reads the failures of Alembic.
///
/// What Alembic itself refuses ends with exit code 255 and a line `FAILED: …` on standard output. Everything else is
/// Python's: exit code 1 and a traceback on standard error, the exception in its last part.
enum AlembicReader {
    static func failure(_ output: MigrationOutput) -> MigrationFailure? {
        guard !output.result.status.isSuccess else { return nil }
        if let refusal = output.outputLines.last(where: { $0.begins(with: "FAILED: ") }) {
            return refused(String(refusal.dropFirst("FAILED: ".count)), output)
        }
        guard let traceback = PythonTraceback(output) else { return PlainReader.failure(output) }
        if let database = DatabaseException(traceback.exception) { return database.failure(at: traceback, output) }
        return raised(traceback, output)
    }

    private static func refused(_ message: String, _ output: MigrationOutput) -> MigrationFailure {
        let kind: MigrationFailure.Kind = message.begins(with: "Multiple head") ? .heads : .content
        return MigrationFailure(kind, output.relative(message), hint: hint(for: message))
    }

    private static func raised(_ traceback: PythonTraceback, _ output: MigrationOutput) -> MigrationFailure {
        let (file, line) = (traceback.place?.file, traceback.place?.line)
        let text = output.relative(traceback.exception.joined(separator: "\n"))
        let first = traceback.exception.first ?? ""
        if first.begins(with: "KeyError: "), traceback.frames.contains(where: { $0.ends(with: "in _revision_map") }) {
            return MigrationFailure(
                .content, "a down_revision names \(first.dropFirst("KeyError: ".count)), and there is no such revision",
                hint: "was its file renamed, deleted or left out of the commit?")
        }
        if first.ends(with: "CycleDetected") || first.holds("CycleDetected: ") {
            let message = first.exactRange(of: ": ").map { String(first[$0.upperBound...]) } ?? first
            return MigrationFailure(.content, message, hint: hint(for: message))
        }
        if let trouble = ConnectionTrouble.find(in: text) { return MigrationFailure(trouble, text) }
        return MigrationFailure(.content, text, hint: hint(for: text), file: file, line: line)
    }

    /// What to do about Alembic's own messages.
    private static func hint(for message: String) -> String? {
        let hints = [
            ("Multiple head", "run `alembic merge heads`, or put one revision behind the other"),
            ("Can't locate revision", "the database was migrated by a revision that this content lacks"),
            ("Ambiguous walk", "there is more than one head: name one, as in branch@+1, or merge them"),
            ("Cycle is detected", "the down_revisions of these files go round in a circle"),
            ("No 'script_location'", "is this the right alembic.ini?"),
            ("Path doesn't exist", "is the folder of the migrations below a watched path of the registry?"),
            ("KeyError: 'DATABASE_URL'", "sluice hands it to migrations only, not to checks"),
            ("ModuleNotFoundError", "the operator installs modules for the program; see docs/how-to/alembic.md"),
        ]
        return hints.first { message.contains($0.0) }?.1
    }
}
