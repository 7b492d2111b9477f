import Diagnostics

/// Reads a changelog: the root file, everything it includes, properties expanded, in the order in which it runs.
///
/// This half of the module turns bytes into a ``ResolvedChangelog``. It knows the formats, the includes and the filters
/// of Liquibase; it knows no database, no change type and no SQL.
public struct ChangelogReader: Sendable {
    private let source: any ChangelogSource
    private let parameters: ChangelogParameters
    private let limits: ChangelogLimits

    /// A reader of that source's files.
    public init(
        source: any ChangelogSource, parameters: ChangelogParameters = ChangelogParameters(),
        limits: ChangelogLimits = ChangelogLimits()
    ) {
        self.source = source
        self.parameters = parameters
        self.limits = limits
    }

    /// Reads the changelog whose root is that file.
    ///
    /// - Parameters:
    ///   - rootPath: The root file, from the root of the source.
    ///   - afterInclude: Called when an included file was read whole before the first mistake: Liquibase has made its
    ///     table of changesets by then.
    /// - Throws: `DiagnosticsError` with everything that is wrong with the text; `SluiceError` when the source itself
    ///   fails in a way that may pass.
    public func read(_ rootPath: String, afterInclude: () -> Void = {}) throws -> ResolvedChangelog {
        var resolver = ChangelogResolver(source: source, parameters: parameters, limits: limits)
        defer { if resolver.findings.hadReadInclude { afterInclude() } }
        let changelog = try resolver.resolve(root: rootPath)
        guard !resolver.findings.hasErrors else { throw DiagnosticsError(resolver.findings.diagnostics) }
        return changelog
    }
}
