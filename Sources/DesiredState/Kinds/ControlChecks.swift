/// What is checked of a release's source and of every result of a merge.
public struct ControlChecks: Hashable, Sendable {
    /// What is done about something that may be wrong.
    public enum Policy: String, Hashable, Sendable, CaseIterable {
        /// Nothing.
        case allow
        /// It is said.
        case warn
        /// The release is refused.
        case refuse
    }

    /// Whether a program of Puppet's is asked.
    public enum Tool: String, Hashable, Sendable, CaseIterable {
        /// Never.
        case off
        /// Where it is installed; elsewhere the verdict says that it was not.
        case available
        /// Always: where it is not installed, the release is refused.
        case required
    }

    /// The Puppetfile's path in the repository.
    public let puppetfile: String
    /// What is done about pins that move without a commit: branches, `:latest`.
    public let movingPins: Policy
    /// What is done about pins that the configured repositories of modules do not have.
    public let missingPins: Policy
    /// The folders and files of hiera's YAML.
    public let data: [String]
    /// `puppet parser validate`.
    public let parser: Tool
    /// `puppet-lint`.
    public let lint: Tool

    /// Makes a choice of checks.
    public init(
        puppetfile: String = "Puppetfile", movingPins: Policy = .warn, missingPins: Policy = .refuse,
        data: [String] = ["data", "hiera.yaml"], parser: Tool = .available, lint: Tool = .off
    ) {
        self.puppetfile = puppetfile
        self.movingPins = movingPins
        self.missingPins = missingPins
        self.data = data
        self.parser = parser
        self.lint = lint
    }
}

extension ControlChecks {
    static let schema = Schema<ControlChecks>.object(
        .defaulted("puppetfile", \.puppetfile, .repositoryPath, to: "Puppetfile", "The Puppetfile's path."),
        .defaulted(
            "movingPins", \.movingPins, .choice, to: .warn,
            "What is done about pins that move without a commit: allow, warn or refuse."),
        .defaulted(
            "missingPins", \.missingPins, .choice, to: .refuse,
            "What is done about pins that a module's configured repository does not have: allow, warn or refuse."),
        .defaulted(
            "data", \.data, .list(of: .repositoryPath), to: ["data", "hiera.yaml"], "Where hiera's YAML is."),
        .defaulted(
            "parser", \.parser, .choice(with: .off), to: .available,
            "Whether puppet parser validate is asked: off, available or required."),
        .defaulted(
            "lint", \.lint, .choice(with: .off), to: .off, "Whether puppet-lint is asked: off, available or required."),
        make: ControlChecks.init)
}
