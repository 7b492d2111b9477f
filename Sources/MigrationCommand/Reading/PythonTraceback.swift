import Diagnostics

/// The last traceback on a Python program's standard error.
struct PythonTraceback: Hashable {
    /// The innermost line of the content that was running.
    struct Place: Hashable {
        var file: String
        var line: Int
    }

    /// The frames' lines, `File "…", line 1, in f`, outermost first.
    var frames: [String] = []
    var place: Place?
    /// The exception's lines: `module.Class: message` and what follows.
    var exception: [String] = []

    /// Reads it; nil when there is none.
    init?(_ output: MigrationOutput) {
        let lines = output.errorLines
        guard let start = lines.lastIndex(of: "Traceback (most recent call last):") else { return nil }
        var rest = lines[lines.index(after: start)...]
        while let line = rest.first, line.isEmpty || line.begins(with: " ") {
            rest = rest.dropFirst()
            guard let match = line.wholeMatch(of: /\s*File "(.+)", line (\d{1,9})(, in .*)?/) else { continue }
            frames.append(line)
            if let file = output.fileOfContent(match.1), let number = Int(match.2) {
                place = Place(file: file, line: number)
            }
        }
        exception = Array(rest.reversed().drop(while: \.isEmpty).reversed())
        guard !exception.isEmpty else { return nil }
        // A mistake in Python's grammar has its place before the exception and no frame of its own; it was read above.
    }
}
