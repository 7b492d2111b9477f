import Diagnostics
import Puppetfile

/// What a reader makes of a text.
func read(
    _ text: String, _ movingPins: PuppetfileReader.MovingPins = .accept,
    limits: PuppetfileLimits = PuppetfileLimits()
) -> PuppetfileReading {
    PuppetfileReader(movingPins: movingPins, limits: limits).read(Array(text.utf8), file: "Puppetfile")
}

extension PuppetfileReading {
    /// The findings' codes without their common beginning, warnings in brackets.
    var codes: [String] {
        findings.map { finding in
            let code = String(finding.code.trimmingPrefix("puppetfile."))
            return finding.severity == .warning ? "(\(code))" : code
        }
    }

    /// The findings' places, `line:column`.
    var places: [String] { findings.map { "\($0.location.line ?? 0):\($0.location.column ?? 0)" } }

    /// The modules in short: `name@pin`.
    var pins: [String] { puppetfile.modules.map { "\($0.name)@\($0.pin)" } }
}
