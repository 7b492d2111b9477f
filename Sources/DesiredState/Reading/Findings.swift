import Diagnostics

/// What is collected while a document is read: where the reader stands, and every mistake so far.
struct Findings {
    /// A step down into a document.
    enum Step {
        case key(String)
        case index(Int)
    }

    private(set) var diagnostics: [Diagnostic]
    private var steps: [Step] = []

    /// Begins with what was found already.
    init(_ earlier: [Diagnostic] = []) { diagnostics = earlier }

    /// Reads something one step further down.
    mutating func within<Result>(_ step: Step, _ body: (inout Findings) -> Result) -> Result {
        steps.append(step)
        defer { steps.removeLast() }
        return body(&self)
    }

    /// Notes a mistake at the place where the reader stands.
    mutating func report(_ code: FindingCode, at location: SourceLocation, _ message: String, hint: String? = nil) {
        report(code, at: location, path: Self.path(steps), message, hint: hint)
    }

    /// Notes a mistake at a path that is known already.
    mutating func report(
        _ code: FindingCode, _ severity: Diagnostic.Severity = .error, at location: SourceLocation, path: String,
        _ message: String, hint: String? = nil
    ) {
        diagnostics.append(
            Diagnostic(severity, code: code.rawValue, at: location, path: path, message, hint: hint))
    }

    private static func path(_ steps: [Step]) -> String {
        var path = ""
        for step in steps {
            switch step {
            case .index(let index): path += "[\(index)]"
            case .key(let key) where key.wholeMatch(of: /[A-Za-z0-9_-]{1,64}/) != nil:
                path += path.isEmpty ? key : ".\(key)"
            case .key(let key): path += "[\(key.quotedForMessage)]"
            }
        }
        return path
    }
}

/// What can be wrong with desired state, as stable slugs.
enum FindingCode: String {
    /// The text is no YAML.
    case syntax = "desired-state.syntax"
    /// The text asks for more than is granted to any file.
    case limit = "desired-state.limit-exceeded"
    /// A mapping has the same key twice.
    case duplicateKey = "desired-state.duplicate-key"
    /// A key that the kind does not have.
    case unknownKey = "desired-state.unknown-key"
    /// A key that the kind cannot do without.
    case missingKey = "desired-state.missing-key"
    /// A value of another type than expected.
    case wrongType = "desired-state.wrong-type"
    /// A value of the right type that is not allowed.
    case invalidValue = "desired-state.invalid-value"
    /// An `apiVersion` or `kind` of someone else.
    case unknownKind = "desired-state.unknown-kind"
    /// Two resources of one kind and name.
    case duplicateResource = "desired-state.duplicate-resource"
    /// The name of a resource that is not there.
    case unknownReference = "desired-state.unknown-reference"
    /// Two registries whose candidate databases could be mistaken for each other's.
    case overlappingDatabases = "desired-state.overlapping-databases"
    /// Candidates that would be judged twice.
    case sharedVerdict = "desired-state.shared-verdict"
    /// Two control repositories of one project.
    case sharedProject = "desired-state.shared-project"
    /// Resources that wait for each other.
    case dependencyCycle = "desired-state.dependency-cycle"
    /// A symbolic link or a submodule in a commit.
    case notAFile = "desired-state.not-a-file"
    /// Something in the directory that is not read.
    case ignoredFile = "desired-state.ignored-file"
}
