import Diagnostics

/// A program of Puppet's that judges manifests: how it is called, and what its answer says. Pure.
struct PuppetTool: Sendable {
    /// The check that it makes.
    let check: TreeReport.Check
    /// What it is called; also the package that has it.
    let name: String
    /// Where it is looked for, the vendor's own packages first.
    let places: [String]
    /// What it is called with, before the files.
    let arguments: [String]
    /// Reads what it printed.
    let read: @Sendable (_ output: ToolOutput) -> Answer

    /// What a program said.
    enum Answer: Hashable {
        /// It judged the files.
        case findings([Diagnostic])
        /// It could not: why.
        case failed(String)
    }

    /// `puppet parser validate`, which reads manifests and evaluates nothing.
    static let parser = PuppetTool(
        check: .parser, name: "puppet", places: places(of: "puppet"),
        arguments: [
            "parser", "validate", "--confdir", "/tmp/puppet/etc", "--vardir", "/tmp/puppet/var", "--render-as", "json",
        ],
        read: ParserAnswer.read)

    /// `puppet-lint`. Its configuration file could name Ruby files to load: none is read.
    static let lint = PuppetTool(
        check: .lint, name: "puppet-lint", places: places(of: "puppet-lint"),
        arguments: ["--no-config", "--json", "--no-documentation-check", "--no-140chars-check"], read: LintAnswer.read)

    private static func places(of name: String) -> [String] {
        ["/opt/puppetlabs/bin", "/opt/puppetlabs/pdk/bin", "/usr/local/bin", "/usr/bin"].map { "\($0)/\(name)" }
    }

    /// The most bytes of paths that one call may name: the system's own limit is 2 MiB, with everything else.
    static let pathBytes = 1 << 20
    /// The most findings that are taken from one program.
    static let findingLimit = 200
}

/// What a program of Puppet's printed, and how it ended.
struct ToolOutput: Hashable, Sendable {
    var isSuccess: Bool
    var output: [UInt8]
    var errors: String
    /// What it was called with.
    var files: Set<String>
}

extension ToolOutput {
    /// A file of ours by the name that the program uses, which begins as it was given; nil for any other.
    func file(_ name: String) -> String? {
        let path = name.begins(with: "./") ? String(name.dropFirst(2)) : name
        return files.contains(path) ? path : nil
    }

    /// That the program did not do its work, in its own words.
    var failure: PuppetTool.Answer {
        let words = errors.words(at: "\n").prefix(3).joined(separator: " ")
        return .failed(words.isEmpty ? "it ended without an answer" : TextScrubber(limit: 300).scrub(words))
    }
}
