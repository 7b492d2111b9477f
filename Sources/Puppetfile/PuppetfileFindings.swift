import Diagnostics

/// What is collected while a file is read.
struct PuppetfileFindings {
    private let file: String
    private let limit: Int
    private var diagnostics: [Diagnostic] = []
    private var codes: Set<PuppetfileFindingCode> = []

    init(file: String, limit: Int) {
        self.file = file
        self.limit = limit
    }

    /// Whether reading on would tell nobody anything.
    var isFull: Bool { diagnostics.count >= limit }

    /// All of them, in the order of the text.
    var sorted: [Diagnostic] {
        diagnostics.enumerated().sorted { left, right in
            (left.element.location.line ?? 0, left.element.location.column ?? 0, left.offset)
                < (right.element.location.line ?? 0, right.element.location.column ?? 0, right.offset)
        }.map(\.element)
    }

    /// Whether there is one of this kind.
    func have(_ code: PuppetfileFindingCode) -> Bool { codes.contains(code) }

    /// Notes a finding.
    mutating func report(
        _ code: PuppetfileFindingCode, _ severity: Diagnostic.Severity = .error, at position: Position?,
        _ message: String, hint: String? = nil
    ) {
        guard !isFull else { return }
        codes.insert(code)
        let location = SourceLocation(file: file, line: position?.line, column: position?.column)
        diagnostics.append(Diagnostic(severity, code: code.rawValue, at: location, message, hint: hint))
    }
}

/// What can be said about a Puppetfile, as stable slugs.
enum PuppetfileFindingCode: String, CaseIterable {
    /// The file is beyond a limit.
    case limit = "puppetfile.limit-exceeded"
    /// The file is no text in UTF-8.
    case encoding = "puppetfile.encoding"
    /// A merge was committed with its conflict in it.
    case conflictMarker = "puppetfile.conflict-marker"
    /// Something that only running the file would give a value.
    case notLiteral = "puppetfile.not-literal"
    /// Tokens in an order that means nothing.
    case syntax = "puppetfile.syntax"
    /// A text in quotes that does not end on its line.
    case unclosedText = "puppetfile.unclosed-text"
    /// Two arguments, and nothing between them.
    case missingComma = "puppetfile.missing-comma"
    /// A comma with nothing behind it.
    case trailingComma = "puppetfile.trailing-comma"
    /// A word at the beginning of a line that is none of a Puppetfile's.
    case unknownDeclaration = "puppetfile.unknown-declaration"
    /// A declaration with more, fewer or other arguments than it takes.
    case wrongArguments = "puppetfile.wrong-arguments"
    /// A key that is a text where r10k looks for a symbol.
    case textKey = "puppetfile.text-key"
    /// The same key twice.
    case duplicateKey = "puppetfile.duplicate-key"
    /// A key that a module of this kind does not have.
    case unknownKey = "puppetfile.unknown-key"
    /// Several keys that say the same thing, each in its own way.
    case conflictingKeys = "puppetfile.conflicting-keys"
    /// A value that the key cannot have.
    case invalidValue = "puppetfile.invalid-value"
    /// A name that no module can have.
    case invalidName = "puppetfile.invalid-name"
    /// A module of the Forge without its owner.
    case ownerMissing = "puppetfile.owner-missing"
    /// Two modules that would be installed under one name.
    case duplicateModule = "puppetfile.duplicate-module"
    /// A version that the Forge cannot have.
    case invalidVersion = "puppetfile.invalid-version"
    /// Arguments that say of no source where the module comes from.
    case sourceMissing = "puppetfile.source-missing"
    /// A commit that is not written out.
    case invalidCommit = "puppetfile.invalid-commit"
    /// A name that no tag and no branch can have.
    case invalidReference = "puppetfile.invalid-reference"
    /// A git module that says nothing of what to take.
    case noReference = "puppetfile.no-reference"
    /// A module that changes without a commit in the control repository.
    case movingPin = "puppetfile.moving-pin"
    /// A module that would be put outside of the environment.
    case pathOutside = "puppetfile.path-outside"
    /// A password for everyone to read.
    case secret = "puppetfile.secret"
    /// A declaration that r10k reads and does nothing about.
    case withoutEffect = "puppetfile.without-effect"
}
