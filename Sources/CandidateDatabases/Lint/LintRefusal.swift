import Diagnostics

/// A candidate's changelog breaks a rule that the registry's policy has fail.
struct LintRefusal: SluiceErrorConvertible {
    static let code: SluiceError.Code = "changelog.lint-failed"

    let findings: GateFindings

    /// The findings as an error about the changelog. It carries itself as the cause, for whoever keeps the findings.
    var sluiceError: SluiceError {
        SluiceError(
            Self.code, .stalled, findings.lines.joined(separator: "\n"),
            hint: "a changeset's comment may allow a rule: sluice:allow rule: reason", cause: self)
    }
}
