import DesiredState
import Diagnostics
import Puppetfile
import Terminal

/// What is said of one Puppetfile.
struct PuppetfileReport {
    let file: String
    let reading: PuppetfileReading

    /// One line a finding.
    var lines: [String] { reading.findings.map(\.description.oneLine) }

    /// The findings, and what would be installed.
    var document: JSONValue {
        [
            "file": .string(file), "accepted": .bool(reading.isAccepted),
            "findings": .array(reading.findings.map(Self.document)),
            "modules": .array(reading.puppetfile.modules.map(Self.document)),
        ]
    }

    /// How many of what there are, in one line.
    static func summary(of reports: [PuppetfileReport]) -> String {
        let findings = reports.flatMap(\.reading.findings)
        let modules = reports.flatMap(\.reading.puppetfile.modules)
        let mistakes = findings.count { $0.severity == .error }
        let counts = [
            (modules.count, "module", "modules"), (mistakes, "mistake", "mistakes"),
            (findings.count - mistakes, "warning", "warnings"),
        ]
        return counts.map { "\($0) \($0 == 1 ? $1 : $2)" }.joined(separator: ", ")
    }

    private static func document(_ finding: Diagnostic) -> JSONValue {
        [
            "severity": .string(finding.severity.rawValue), "code": .string(finding.code),
            "line": number(finding.location.line), "column": number(finding.location.column),
            "message": .string(finding.message), "hint": finding.hint.map(JSONValue.string) ?? .null,
        ]
    }

    private static func document(_ module: PuppetModule) -> JSONValue {
        [
            "name": .string(module.name), "owner": module.owner.map(JSONValue.string) ?? .null,
            "kind": .string(module.source.kind.rawValue),
            // Passwords in addresses are nobody's business.
            "address": module.source.address.map { .string(TextScrubber().scrub($0)) } ?? .null,
            "pin": .string(module.pin.description), "moving": .bool(module.pin.isMoving),
            "directory": .string(module.directory), "line": number(module.location.line),
        ]
    }

    private static func number(_ value: Int?) -> JSONValue { value.map(JSONValue.integer) ?? .null }
}
