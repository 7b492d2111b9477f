import Diagnostics
import Yams

/// What Yams throws, as a finding with a place.
struct YAMLFailure {
    var code = "changelog.yaml"
    var location: SourceLocation
    var message: String

    init(_ error: any Error, file: String) {
        location = SourceLocation(file: file)
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            location = SourceLocation(file: file, line: mark.line, column: mark.column)
            message = "YAML: \(problem)"
            if problem.holds("exceeded") || problem.holds("nest") { code = "changelog.too-deep" }
        case YamlError.duplicatedKeysInMapping(let names, let context):
            code = "changelog.unsupported-duplicate-key"
            location = SourceLocation(file: file, line: context.mark.line, column: context.mark.column)
            message = "the key '\(names.first ?? "")' stands twice in one mapping: which one counts?"
        case YamlError.reader(let problem, _, _, _):
            message = "YAML: \(problem)"
        case YamlError.memory:
            // libyaml reports its nesting limit as a failed allocation.
            code = "changelog.too-deep"
            message = "elements stand too deep in elements"
        default:
            message = "the YAML cannot be read"
        }
    }
}
