/// A finding about a text that a user wrote: `file:line:column: path: what, expected; hint`.
///
/// Readers of YAML, changelogs and the like collect diagnostics and go on, so that an author sees every mistake of a
/// file at once.
public struct Diagnostic: Hashable, Sendable {
    /// How bad it is.
    public enum Severity: String, Sendable, Codable, Comparable {
        /// Worth knowing; nothing is refused.
        case warning
        /// The input is refused.
        case error

        /// A warning is less than an error.
        public static func < (left: Severity, right: Severity) -> Bool { left == .warning && right == .error }
    }

    /// How bad it is.
    public let severity: Severity
    /// A stable slug, as ``SluiceError/Code``.
    public let code: String
    /// Where it stands.
    public let location: SourceLocation
    /// The path inside the document, such as `spec.changelogs[0].path`; empty for the whole document.
    public let path: String
    /// What is wrong and what was expected.
    public let message: String
    /// What to do about it.
    public let hint: String?

    /// Makes a finding.
    public init(
        _ severity: Severity = .error, code: String, at location: SourceLocation, path: String = "",
        _ message: String, hint: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.location = location
        self.path = path
        self.message = message
        self.hint = hint
    }
}

extension Diagnostic: CustomStringConvertible {
    /// The finding in one line.
    public var description: String {
        var text = "\(location): "
        if severity == .warning { text += "warning: " }
        if !path.isEmpty { text += "\(path): " }
        text += message
        if let hint { text += "; \(hint)" }
        return text
    }
}

/// Several findings thrown together: the input as a whole is refused.
public struct DiagnosticsError: SluiceErrorConvertible, CustomStringConvertible {
    /// The findings, in the order of the text.
    public let diagnostics: [Diagnostic]

    /// Makes the error of the findings of one input.
    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    /// One finding a line.
    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }

    /// The first finding, with the number of the others.
    public var sluiceError: SluiceError {
        let first = diagnostics.first
        let more = diagnostics.count > 1 ? " (and \(diagnostics.count - 1) more)" : ""
        let path = first.map { $0.path.isEmpty ? "" : "\($0.path): " } ?? ""
        return SluiceError(
            SluiceError.Code(first?.code ?? "input.invalid"), .stalled,
            "\(path)\(first?.message ?? "the input is invalid")\(more)", hint: first?.hint, at: first?.location,
            detail: description)
    }
}
