public import Diagnostics

/// Reads Puppetfiles: which modules they ask for, and everything that is wrong with them.
///
/// What r10k 5 would refuse is refused, and so is what only running the file could tell; `docs/reference/puppetfile.md`
/// lists what is accepted and each reason to refuse.
public struct PuppetfileReader: Sendable {
    /// What pins count for that follow something else than the control repository's own commits.
    public enum MovingPins: String, Sendable, Hashable, Codable, CaseIterable {
        /// They are warned about.
        case warn
        /// They are refused.
        case refuse
        /// Nothing is said.
        case accept
    }

    /// What moving pins count for.
    public var movingPins: MovingPins
    /// How much a file may ask for.
    public var limits: PuppetfileLimits

    /// Makes a reader.
    public init(movingPins: MovingPins = .warn, limits: PuppetfileLimits = PuppetfileLimits()) {
        self.movingPins = movingPins
        self.limits = limits
    }

    /// Reads the bytes of one file.
    ///
    /// - Parameter file: What the file is called in findings.
    public func read(_ bytes: [UInt8], file: String) -> PuppetfileReading {
        var findings = PuppetfileFindings(file: file, limit: limits.findings)
        let source = PuppetfileSource(bytes, limit: limits.fileSize, findings: &findings)
        guard let source else { return reading([], findings) }
        var parser = StatementParser(Lexer(source))
        let statements = parser.statements(&findings)
        var interpreter = StatementInterpreter(movingPins: movingPins, limits: limits, file: file)
        for statement in statements { interpreter.interpret(statement, &findings) }
        // Both sides of a conflict have most modules in common.
        if !findings.have(.conflictMarker) { interpreter.checkNames(&findings) }
        return reading(interpreter.modules, findings)
    }

    private func reading(_ modules: [PuppetModule], _ findings: PuppetfileFindings) -> PuppetfileReading {
        PuppetfileReading(puppetfile: Puppetfile(modules: modules), findings: findings.sorted)
    }
}

/// What a reader made of a file.
public struct PuppetfileReading: Hashable, Sendable {
    /// The modules that could be read; all of them when the file is accepted.
    public let puppetfile: Puppetfile
    /// What is wrong with the file and what is worth knowing, in the order of the text. Codes begin with `puppetfile.`.
    public let findings: [Diagnostic]

    /// Whether nothing in the file is refused.
    public var isAccepted: Bool { !findings.contains { $0.severity == .error } }

    /// Makes a reading.
    public init(puppetfile: Puppetfile, findings: [Diagnostic]) {
        self.puppetfile = puppetfile
        self.findings = findings
    }
}
