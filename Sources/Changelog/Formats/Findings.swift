import Diagnostics

/// The findings of one reading, collected so that an author sees every mistake at once.
struct Findings {
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var hasErrors = false
    /// Whether an included file had been read whole when the first error was found.
    private(set) var hadReadInclude = false
    private let limit: Int

    init(limit: Int = 200) { self.limit = limit }

    /// Whether so much is wrong that reading on would help nobody.
    var isFull: Bool { diagnostics.count >= limit }

    /// Notes that an included file has been read whole.
    mutating func readInclude() {
        if !hasErrors { hadReadInclude = true }
    }

    mutating func error(_ code: String, at location: SourceLocation, _ message: String, hint: String? = nil) {
        hasErrors = true
        guard !isFull else { return }
        diagnostics.append(Diagnostic(.error, code: code, at: location, message, hint: hint))
    }

    mutating func warning(_ code: String, at location: SourceLocation, _ message: String, hint: String? = nil) {
        guard !isFull else { return }
        diagnostics.append(Diagnostic(.warning, code: code, at: location, message, hint: hint))
    }
}
