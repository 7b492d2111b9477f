import ArgumentParser
import Changelog
import Diagnostics
import RegistryChanges
import Terminal

/// Which changelog, and which of its changesets: Liquibase's options of these names.
struct ChangelogOptions: ParsableArguments {
    @Option(name: .long, help: "The root changelog.")
    var changelogFile: String

    @Option(name: .long, help: "Directories that files are looked for in, separated by commas.")
    var searchPath: String = "."

    @Option(name: .long, help: "Directories to look in after those, separated by colons; jar files are passed over.")
    var classpath: String?

    @Option(
        name: [.customLong("context-filter"), .customLong("contexts")],
        help: "Only changesets of these contexts, separated by commas.")
    var contexts: String?

    @Option(
        name: [.customLong("label-filter"), .customLong("labels")],
        help: "Only changesets whose labels this expression matches.")
    var labels: String?

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A value for ${name} in the changelog; also -Dname=value.", valueName: "name=value"))
    var define: [String] = []

    /// The options that environment and defaults file may give.
    static let settings = ["changelog-file", "search-path", "classpath", "context-filter", "label-filter", "define"]

    /// A changelog that was read, and what it takes to understand it.
    struct Reading: Sendable {
        let resolved: ResolvedChangelog
        let source: any ChangelogSource
        let filter: ChangeSetFilter
        let schema: String

        /// Understands every changeset.
        func understood() throws -> PreparedChangelog {
            try PreparedChangelog(
                resolved, source: source, registry: Self.changeTypes, filter: filter, defaultSchema: schema)
        }

        /// Whoever runs a command trusts its changelog with this machine, as with Liquibase. The gate does not.
        private static let changeTypes: ChangeTypeRegistry = {
            var registry = RegistryChanges.changeTypes
            registry.register(ExecuteCommand.self)
            return registry
        }()
    }

    /// Reads the changelog with everything that it includes.
    ///
    /// - Parameters:
    ///   - schema: The schema of names that have none.
    ///   - facts: The properties `database.…`; empty for those of any PostgreSQL.
    ///   - other: Where files are looked for; nil for the search path.
    ///   - afterInclude: Called when an included file was read whole before the first mistake.
    func read(
        schema: String = "public", facts: [String: String] = [:], from other: (any ChangelogSource)? = nil,
        afterInclude: () -> Void = {}
    ) throws -> Reading {
        guard let labels = LabelExpression(labels) else {
            throw CommandFailure(.usage, "the label expression cannot be read", hint: "for example: fast and !risky")
        }
        let filter = ChangeSetFilter(contexts: RuntimeContexts(contexts), labels: labels)
        let source = other ?? DirectorySource(searchPath: directories)
        let parameters = ChangelogParameters(
            filter: filter, environment: CommandContext.current.environment, defined: defined,
            database: facts.isEmpty ? ChangelogParameters.postgresql(defaultSchema: schema) : facts)
        let resolved = try ChangelogReader(source: source, parameters: parameters)
            .read(changelogFile, afterInclude: afterInclude)
        return Reading(resolved: resolved, source: source, filter: filter, schema: schema)
    }

    /// Reads the changelog and understands all of it.
    func prepare(schema: String = "public", facts: [String: String] = [:]) throws -> PreparedChangelog {
        try read(schema: schema, facts: facts).understood()
    }

    /// The directories of the search path, in their order.
    var directories: [String] {
        let classes = (classpath ?? "").words(at: ":").filter { !$0.lowercased().ends(with: ".jar") }
        return (searchPath.words(at: ",") + classes).map(String.init)
    }

    private var defined: [String: String] {
        let pairs = define.map { text -> (String, String) in
            let parts = text.parts(at: "=", maxSplits: 1).map(String.init)
            return (parts.first ?? "", parts.count > 1 ? parts[1] : "")
        }
        return Dictionary(pairs) { _, last in last }
    }
}
