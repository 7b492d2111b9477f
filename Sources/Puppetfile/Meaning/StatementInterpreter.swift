import Diagnostics

/// Says what the statements of a file mean, one after the other, as r10k would.
struct StatementInterpreter {
    /// The modules so far.
    private(set) var modules: [PuppetModule] = []
    private let movingPins: PuppetfileReader.MovingPins
    private let limits: PuppetfileLimits
    private let file: String
    /// Where modules are put that do not say otherwise; each `moduledir` is for what follows it.
    private var directory = "modules"

    init(movingPins: PuppetfileReader.MovingPins, limits: PuppetfileLimits, file: String) {
        self.movingPins = movingPins
        self.limits = limits
        self.file = file
    }

    /// Takes in the next statement.
    mutating func interpret(_ statement: Statement, _ findings: inout PuppetfileFindings) {
        do {
            switch statement.word {
            case "mod": try declareModule(statement, &findings)
            case "moduledir": directory = try onlyText(of: statement)
            case "exclusion":
                _ = try onlyText(of: statement)
                findings.report(
                    .withoutEffect, .warning, at: statement.position,
                    "'exclusion' does nothing: r10k 5 reads over it, older ones refuse the file", hint: "take it out")
            default: _ = try onlyText(of: statement)
            }
        } catch {
            findings.report(error.code, at: error.position, error.message, hint: error.hint)
        }
    }

    /// Refuses names that are taken twice: owners make no difference, as modules are installed without them.
    func checkNames(_ findings: inout PuppetfileFindings) {
        var first: [String: PuppetModule] = [:]
        for module in modules {
            guard let earlier = first.updateValue(module, forKey: module.name) else { continue }
            first[module.name] = earlier
            let position = Position(line: module.location.line ?? 1, column: module.location.column ?? 1)
            findings.report(
                .duplicateModule, at: position,
                "the module \(module.name.quoted) is declared twice, first on line \(earlier.location.line ?? 1)",
                hint: "keep one of them")
        }
    }

    private mutating func declareModule(
        _ statement: Statement, _ findings: inout PuppetfileFindings
    ) throws(Mistake) {
        guard modules.count < limits.modules else {
            throw Mistake(
                .limit, statement.position, "the file has more than \(limits.modules) modules")
        }
        let declaration = try ModuleDeclaration(statement)
        let source = try declaration.source()
        declaration.checkKeys(of: source.kind, &findings)
        let pin = try declaration.pin(from: source)
        let directory = try declaration.installPath() ?? directory
        declaration.warnOfSecrets(source, &findings)
        let name = declaration.name
        warnOfMoving(pin, name, at: statement.position, &findings)
        modules.append(
            PuppetModule(
                name: name.name, owner: name.owner, source: source, pin: pin, directory: directory,
                location: SourceLocation(file: file, line: statement.position.line, column: statement.position.column)))
    }

    private func warnOfMoving(
        _ pin: ModulePin, _ name: ModuleName, at position: Position, _ findings: inout PuppetfileFindings
    ) {
        guard pin.isMoving, movingPins != .accept else { return }
        findings.report(
            .movingPin, movingPins == .refuse ? .error : .warning, at: position,
            "the module \(name.name.quoted) moves without a commit here: \(pin.description.shortened)",
            hint: pin.adviceToPin)
    }

    private func onlyText(of statement: Statement) throws(Mistake) -> String {
        guard case .value(let value)? = statement.arguments.first, statement.arguments.count == 1,
            case .text(let text) = value.literal, !text.isEmpty
        else {
            let place = statement.arguments.first?.position ?? statement.position
            throw Mistake(.wrongArguments, place, "\(statement.word.quoted) takes one text in quotes")
        }
        return text
    }
}

extension ModulePin {
    /// What to write instead of a pin that moves.
    fileprivate var adviceToPin: String {
        switch self {
        case .latest, .unspecified: "name the version, such as '8.5.0'"
        default: "pin a tag, or a commit with all of its 40 digits"
        }
    }
}
