/// All findings together.
public struct DoctorReport: Hashable, Sendable {
    /// They, in the order in which places were looked at.
    public let findings: [Finding]

    /// Gathers findings.
    public init(_ findings: [Finding]) { self.findings = findings }

    /// Whether everything works. Warnings are no failures.
    public var isHealthy: Bool { !findings.contains { $0.state == .failed } }

    /// How many there are of each state.
    public var counts: [Finding.State: Int] {
        Dictionary(findings.map { ($0.state, 1) }, uniquingKeysWith: +)
    }
}
