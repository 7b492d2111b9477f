public import Diagnostics

/// Why a child process gave no result.
public struct ChildError: SluiceErrorConvertible, Hashable {
    /// What went wrong, for programs.
    public enum Kind: Hashable, Sendable {
        /// No such program is installed.
        case executableNotFound
        /// An argument, a variable or the program's name cannot be handed to a program, for it holds a NUL byte.
        case invalidArgument
        /// The system refused to start it.
        case notStarted
        /// It lived longer than its deadline and was killed.
        case deadlineExceeded
        /// It printed more than its limit and was killed.
        case outputLimitExceeded
        /// Its pipes or its end could not be followed.
        case supervisionFailed
    }

    /// What went wrong.
    public let kind: Kind
    /// The program's name, without its path.
    public let program: String
    /// More for operators; never arguments or environment.
    public let detail: String?

    init(_ kind: Kind, _ child: Child, detail: String? = nil) {
        self.kind = kind
        self.program = child.description
        self.detail = detail
    }

    /// The error in the form that is reported: `child.` and what went wrong.
    public var sluiceError: SluiceError {
        switch kind {
        case .executableNotFound:
            SluiceError(
                "child.executable-not-found", .stalled, "the program \(program) is not installed",
                hint: "install it or correct PATH", detail: detail)
        case .invalidArgument:
            SluiceError(
                "child.invalid-argument", .stalled, "\(program) cannot be given a text that holds a NUL byte",
                detail: detail)
        case .notStarted:
            SluiceError("child.not-started", .transient, "\(program) could not be started", detail: detail)
        case .deadlineExceeded:
            SluiceError(
                "child.deadline-exceeded", .transient, "\(program) did not finish in time and was stopped",
                detail: detail)
        case .outputLimitExceeded:
            SluiceError(
                "child.output-limit-exceeded", .stalled, "\(program) printed more than is allowed and was stopped",
                detail: detail)
        case .supervisionFailed:
            SluiceError("child.supervision-failed", .transient, "\(program) could not be followed", detail: detail)
        }
    }
}
