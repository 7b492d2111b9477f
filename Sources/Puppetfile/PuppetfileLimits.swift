/// How much a Puppetfile may ask for. Beyond is refused, whatever it says.
public struct PuppetfileLimits: Hashable, Sendable {
    /// How large a file may be, in bytes.
    public var fileSize: Int
    /// How many modules it may have.
    public var modules: Int
    /// How many findings are reported; reading ends there.
    public var findings: Int

    /// Makes limits; those not given are far beyond any honest use.
    public init(fileSize: Int = 1 << 20, modules: Int = 10_000, findings: Int = 200) {
        self.fileSize = fileSize
        self.modules = modules
        self.findings = findings
    }
}
