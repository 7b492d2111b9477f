package import Diagnostics

/// Why a command ends without success: what is said, and the exit code.
package struct CommandFailure: Error {
    /// The exit code.
    package let status: ExitStatus
    /// What happened.
    package let message: String
    /// What to do about it.
    package var hint: String?
    /// The stable slug, the same as in the API.
    package var code: String?

    package init(_ status: ExitStatus, _ message: String, hint: String? = nil, code: String? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
        self.code = code
    }

    /// What is printed: what happened, what to do, and the slug to look up.
    package var text: String {
        var lines = ["error: \(message)"]
        if let hint { lines.append(" hint: \(hint)") }
        if let code { lines.append(" code: \(code)") }
        return lines.joined(separator: "\n")
    }
}

extension CommandFailure {
    /// A failure of something that ran in this process. The operator sits before the screen, so details are shown.
    package init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as DiagnosticsError:
            let isUnsupported = error.diagnostics.contains(where: \.isUnsupported)
            self.init(
                isUnsupported ? .notFound : .invalid,
                "\(isUnsupported ? "not all of it is supported" : "the input is not valid")\n\(error)")
        default:
            let error = SluiceError(wrapping: error)
            let place = error.location.map { "\($0): " } ?? ""
            let detail = Self.more(error).map { "\n  \($0)" }.joined()
            self.init(
                Self.status(of: error), "\(place)\(error.message)\(detail)", hint: error.hint ?? Self.hints[error.code],
                code: error.code.rawValue)
        }
    }

    /// What the detail adds to what is said anyway.
    private static func more(_ error: SluiceError) -> [String] {
        let said = [error.message, error.hint].compactMap(\.self)
        return (error.detail ?? "").words(at: "\n").map { String($0.trimmingPrefix(/\s+/)) }
            .filter { line in !line.isEmpty && !said.contains { line.contains($0) } }
    }

    /// What to do about errors that do not say so themselves.
    private static let hints: [SluiceError.Code: String] = [
        "postgres.connect-failed": "does the server run, and are address, role and password right?"
    ]

    /// Errors whose code says more than their kind.
    private static let known: [SluiceError.Code: ExitStatus] = [
        "internal.unexpected": .internalError, "file.unreadable": .notFound, "postgres.connect-failed": .unreachable,
        "postgres.timeout": .timeout, "changelog.locked": .timeout,
        "postgres.connection-lost": .unreachable, "secret.unavailable": .notFound, "secret.invalid": .invalid,
        // What Liquibase could run and this version does not.
        "changelog.transaction-control": .notFound, "changelog.xml.doctype": .notFound,
    ]

    private static func status(of error: SluiceError) -> ExitStatus {
        if let status = known[error.code] { return status }
        return switch error.kind {
        case .stalled: .invalid
        case .conflict: .conflict
        case .transient: .internalError
        }
    }
}

extension Diagnostic {
    /// Whether the text may well be right, and only this engine does not have what it asks for.
    package var isUnsupported: Bool { code.holds("unsupported") || code == "changelog.xml.doctype" }
}
