import Diagnostics

extension ChangelogResolver {
    /// A path that may be asked for; nil, with a finding, when it may not.
    mutating func confined(
        _ written: String, besides sibling: String?, at location: SourceLocation
    ) -> ChangelogPath? {
        do throws(ChangelogPath.Refusal) {
            return try ChangelogPath(written, besides: sibling)
        } catch {
            findings.error(
                error.rawValue, at: location, "'\(written.prefix(200))': \(error.sentence)",
                hint: "paths are relative to the root of the changelog and use '/'")
            return nil
        }
    }

    mutating func missing(_ written: String, at location: SourceLocation) {
        if written.begins(with: "/") {
            findings.error(
                "changelog.path-absolute", at: location, "'\(written.prefix(200))' is an absolute path",
                hint: "paths are relative to the root of the changelog")
        } else {
            findings.error("changelog.file-missing", at: location, "the file '\(written.prefix(200))' does not exist")
        }
    }

    mutating func unknownFormat(_ path: String, at location: SourceLocation) {
        findings.error(
            "changelog.unknown-format", at: location, "'\(path)' is no changelog",
            hint: "changelogs end in .xml, .yaml, .yml, .json or .sql")
    }

    /// Reports a list of labels that is too long. Each changeset below an include looks at it again.
    mutating func check(labels: String?, at location: SourceLocation, _ what: String = "labels") {
        guard let labels, labels.utf8.count > limits.expressionLength else { return }
        findings.error(
            "changelog.too-large", at: location, "\(what) have more than \(limits.expressionLength) characters",
            hint: "the books hold 255 of them")
    }

    /// Reports a context expression that cannot be read.
    mutating func check(context: String, at location: SourceLocation) {
        check(labels: context, at: location, "contexts")
        guard ContextExpression(context) == nil else { return }
        findings.error(
            "changelog.context", at: location, "the context expression '\(context.prefix(200))' cannot be read",
            hint: "look at its parentheses; a comma separates whole expressions")
    }
}
