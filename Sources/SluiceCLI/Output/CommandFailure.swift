import Diagnostics

/// Why a command ends without success: what is said, and the exit code.
struct CommandFailure: Error {
    /// The exit code.
    let status: ExitStatus
    /// What happened.
    let message: String
    /// What to do about it.
    var hint: String?
    /// The stable slug, the same as in the API.
    var code: String?

    init(_ status: ExitStatus, _ message: String, hint: String? = nil, code: String? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
        self.code = code
    }

    /// What is printed: what happened, what to do, and the slug to look up.
    var text: String {
        var lines = ["error: \(message)"]
        if let hint { lines.append(" hint: \(hint)") }
        if let code { lines.append(" code: \(code)") }
        return lines.joined(separator: "\n")
    }
}

extension CommandFailure {
    /// A failure of something that ran in this process. The operator sits before the screen, so details are shown.
    init(_ error: any Error) {
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
            let detail = error.detail.map { "\n\($0)" } ?? ""
            self.init(
                Self.status(of: error), "\(place)\(error.message)\(detail)", hint: error.hint, code: error.code.rawValue
            )
        }
    }

    /// What Liquibase could run and this version does not.
    private static let refusals: Set<SluiceError.Code> = ["changelog.transaction-control", "changelog.xml.doctype"]

    private static func status(of error: SluiceError) -> ExitStatus {
        if error.code == "internal.unexpected" { return .internalError }
        if refusals.contains(error.code) { return .notFound }
        return switch error.kind {
        case .stalled: .invalid
        case .conflict: .conflict
        case .transient: .internalError
        }
    }
}
