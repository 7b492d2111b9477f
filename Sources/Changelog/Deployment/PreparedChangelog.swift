import Diagnostics

/// A whole changelog that is understood: each changeset that an update looks at, and why it leaves others out.
public struct PreparedChangelog: Sendable {
    /// A changeset that the filter leaves out.
    public struct LeftOut: Sendable {
        /// The changeset.
        public let changeSet: ChangeSet
        /// Why.
        public let reason: ChangeSetFilter.Reason
    }

    /// The root changelog's path.
    public let path: String
    /// The conditions of the changelog itself.
    public let preconditions: [PreconditionSet]
    /// The changesets in run order.
    public let changeSets: [PreparedChangeSet]
    /// The changesets that the filter leaves out.
    public let leftOut: [LeftOut]
    /// The properties, names in lower case.
    public let properties: [String: String]

    /// Understands a changelog.
    ///
    /// What is left out by the filter is not looked into, so changes for other databases may be of any kind.
    ///
    /// - Parameters:
    ///   - changelog: The resolved changelog.
    ///   - source: Its files, for the changes that name some.
    ///   - registry: The change types.
    ///   - filter: Which changesets count.
    ///   - defaultSchema: The schema of names that have none.
    /// - Throws: `DiagnosticsError` with every mistake of every changeset.
    public init(
        _ changelog: ResolvedChangelog, source: any ChangelogSource, registry: ChangeTypeRegistry = .standard,
        filter: ChangeSetFilter = ChangeSetFilter(), defaultSchema: String = "public"
    ) throws {
        let limits = ChangelogLimits()
        let source = MeteredSource(source, limit: limits.totalBytes)
        let files = FileExpansion(changelog, limits: limits)
        let overview = ChangelogOverview(changeSets: changelog.changeSets, contexts: filter.contexts)
        var diagnostics = changelog.mistakes
        var prepared: [PreparedChangeSet] = []
        var leftOut: [LeftOut] = []
        for changeSet in changelog.changeSets where diagnostics.count < limits.findings {
            let isAbsent = registry.leavesOut(changeSet, in: filter.contexts)
            if let reason = filter.reasonToSkip(changeSet) ?? (isAbsent ? .context : nil) {
                leftOut.append(LeftOut(changeSet: changeSet, reason: reason))
                continue
            }
            var context = DecodingContext(
                source: source, file: changeSet.file, changeSet: changeSet.identity,
                toleratesBadData: !changeSet.failOnError,
                expand: { [keys = changeSet.propertyKeys] in files.expand($0, seeing: keys) })
            context.siblings = changeSet.changes
            context.overview = overview
            let dialect = SQLDialect(quoting: changeSet.quoting, defaultSchema: defaultSchema)
            var findings: [Diagnostic] = []
            if changeSet.identity.id.trimmedOrNil == nil {
                findings.append(
                    Diagnostic(
                        code: "changelog.empty-id", at: changeSet.location,
                        "changeset \(changeSet.identity): the id is empty"))
            }
            let changes = changeSet.changes.compactMap { node in
                findings.count < limits.findings ? registry.decode(node, in: context, diagnostics: &findings) : nil
            }
            if let failure = files.takeFailure() { findings.append(failure.diagnostic(in: changeSet)) }
            let isInvalid = !findings.isEmpty && changeSet.onValidationFail == .markRan
            if let executor = changeSet.runWith, executor.lowercased() != "jdbc" {
                diagnostics.append(
                    Diagnostic(
                        code: "changelog.unknown-executor", at: changeSet.location,
                        "changeset \(changeSet.identity): there is no executor '\(executor.limited(to: 40))'",
                        hint: "leave 'runWith' out: the engine itself runs every changeset"))
            }
            if !isInvalid { diagnostics += findings }
            let preconditions = changeSet.preconditions.map {
                PreconditionReader.read(
                    $0, path: changeSet.identity.path, dialect: dialect, context: context, diagnostics: &diagnostics)
            }
            let modifications = changeSet.sqlModifications.flatMap {
                SQLModification.read(
                    $0, contexts: filter.contexts, context: context, diagnostics: &diagnostics)
            }
            prepared.append(
                PreparedChangeSet(
                    changeSet: changeSet, changes: changes, preconditions: preconditions,
                    modifications: modifications, dialect: dialect,
                    rollback: Self.rollback(changeSet, registry, context, &diagnostics), isInvalid: isInvalid))
        }
        preconditions = changelog.preconditions.map { precondition in
            PreconditionReader.read(
                precondition.node, path: precondition.path, dialect: SQLDialect(defaultSchema: defaultSchema),
                context: DecodingContext(source: source, file: precondition.node.location.file),
                diagnostics: &diagnostics)
        }
        diagnostics += Self.duplicates(among: prepared)
        if diagnostics.contains(where: { $0.severity == .error }) { throw DiagnosticsError(diagnostics) }
        path = changelog.path
        changeSets = prepared
        self.leftOut = leftOut
        properties = changelog.properties
    }

    private static func rollback(
        _ changeSet: ChangeSet, _ registry: ChangeTypeRegistry, _ context: DecodingContext,
        _ diagnostics: inout [Diagnostic]
    ) -> PreparedRollback {
        switch changeSet.rollback {
        case .automatic: .inverses
        case .empty: .changes([])
        case .changes(let nodes):
            .changes(nodes.compactMap { registry.decode($0, in: context, diagnostics: &diagnostics) })
        case .sql(let text): .sql(text)
        case .changeSet(let identity): .changeSet(identity)
        }
    }

    private static func duplicates(among changeSets: [PreparedChangeSet]) -> [Diagnostic] {
        var seen: [ChangeSet.Identity: SourceLocation] = [:]
        return changeSets.compactMap { prepared in
            guard let first = seen.updateValue(prepared.changeSet.location, forKey: prepared.identity) else {
                return nil
            }
            return Diagnostic(
                code: "changelog.duplicate-changeset", at: prepared.changeSet.location,
                "changeset \(prepared.identity) is there twice", hint: "the first is at \(first)")
        }
    }
}
