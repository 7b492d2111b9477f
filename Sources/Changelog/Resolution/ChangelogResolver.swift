import Diagnostics

/// Follows a changelog through its files and collects changesets, preconditions and findings on the way.
///
/// Used once. The order of work is Liquibase's, because it shows: properties are defined and expanded element by
/// element, and an include is read when it is reached.
struct ChangelogResolver {
    let source: any ChangelogSource
    let parameters: ChangelogParameters
    let limits: ChangelogLimits
    var findings: Findings
    var properties: PropertyTable
    var changeSets: [ChangeSet] = []
    /// Where in the list the changesets of an id stand, in lower case: what rollbacks refer to.
    var placesByID: [String: [Int]] = [:]
    /// Paths that `includeAll` has looked through.
    var pathsListed = 0
    /// Bytes that properties have added to the files that are done.
    var bytesExpanded = 0
    var preconditions: [ResolvedChangelog.Precondition] = []
    var mistakes: [Diagnostic] = []
    /// The files that are being read, outermost first: what a cycle is seen by.
    var openFiles: [String] = []
    private var filesRead = 0
    private var bytesRead = 0

    init(source: any ChangelogSource, parameters: ChangelogParameters, limits: ChangelogLimits) {
        self.source = source
        self.parameters = parameters
        self.limits = limits
        findings = Findings(limit: limits.findings)
        properties = PropertyTable(parameters)
    }

    mutating func resolve(root: String) throws -> ResolvedChangelog {
        let location = SourceLocation(file: root)
        guard let path = confined(root, besides: nil, at: location) else { return ResolvedChangelog(path: root) }
        guard ChangelogFormat.isKnown(path: path.normalized) else {
            unknownFormat(path.normalized, at: location)
            return ResolvedChangelog(path: root)
        }
        guard let bytes = try bytes(of: path, at: location) else {
            missing(root, at: location)
            return ResolvedChangelog(path: root)
        }
        var scope = FileScope(
            path: path.normalized, storedPath: path.normalized,
            format: ChangelogFormat(path: path.normalized, contents: bytes) ?? .xml)
        try read(bytes, scope: &scope)
        return ResolvedChangelog(
            path: scope.filePath, preconditions: preconditions, changeSets: RunOrdering.ordered(changeSets),
            properties: properties.globalValues, localProperties: properties.localValues, mistakes: mistakes,
            warnings: findings.diagnostics.filter { $0.severity == .warning })
    }

    /// Reads one file whose bytes are at hand, and all that it includes.
    mutating func read(_ bytes: [UInt8], scope: inout FileScope) throws {
        openFiles.append(scope.path)
        defer { openFiles.removeLast() }
        guard let document = parse(bytes, scope: scope) else { return }
        takeAttributes(of: document, into: &scope)
        var expander = PropertyExpander(parameters, limits: limits)
        expander.share(limits.totalExpandedBytes - bytesExpanded)
        defer { bytesExpanded += expander.spent }
        var nodes = document.nodes
        if document.format == .yaml || document.format == .json {
            // All properties of a YAML file are defined before anything in it is expanded, and what is expanded then is
            // expanded once more in its turn.
            for node in nodes where node.name == "property" { try define(early: node, scope: scope) }
            nodes = nodes.map { expanded($0, scope: scope, with: &expander) }
        }
        for node in nodes where !findings.isFull {
            let node = expanded(node, scope: scope, with: &expander)
            try take(node, scope: scope)
        }
    }

    private func parse(_ bytes: [UInt8], scope: FileScope, into findings: inout Findings) -> ChangelogDocument? {
        switch scope.format {
        case .xml: XMLReader.read(bytes, file: scope.path, limits: limits, into: &findings)
        case .yaml, .json:
            YAMLReader.read(bytes, file: scope.path, format: scope.format, limits: limits, into: &findings)
        case .formattedSQL: FormattedSQLReader.read(bytes, file: scope.path, limits: limits, into: &findings)
        case .plainSQL: PlainSQLReader.read(bytes, file: scope.path, into: &findings)
        }
    }

    private mutating func parse(_ bytes: [UInt8], scope: FileScope) -> ChangelogDocument? {
        var findings = findings
        defer { self.findings = findings }
        return parse(bytes, scope: scope, into: &findings)
    }

    /// What the changelog says of itself. In XML it is read before any property is expanded.
    private mutating func takeAttributes(of document: ChangelogDocument, into scope: inout FileScope) {
        let root = ChangelogNode(
            name: "databaseChangeLog", children: document.nodes, location: SourceLocation(file: scope.path))
        scope.logicalPath = root["logicalFilePath"].flatMap { $0.isEmpty ? nil : $0 }
        scope.propertyKeys.insert(scope.filePath, at: 0)
        if let context = root["contextFilter"] ?? root["context"], context.javaTrimmedToNil != nil {
            check(context: context, at: root.child("contextFilter")?.location ?? root.location)
            scope.contexts.insert(context, at: 0)
        }
        if let name = root["objectQuotingStrategy"] {
            if let strategy = ChangeSet.QuotingStrategy(rawValue: name) {
                scope.quoting = strategy
            } else {
                findings.error(
                    "changelog.value", at: root.child("objectQuotingStrategy")?.location ?? root.location,
                    "objectQuotingStrategy is '\(name)', expected LEGACY, QUOTE_ALL_OBJECTS or QUOTE_ONLY_RESERVED_WORDS"
                )
            }
        }
        if scope.depth > 0 {
            scope.includedPath =
                [scope.logicalPath, scope.logicalPathAbove].compactMap { $0?.javaTrimmedToNil != nil ? $0 : nil }
                .first ?? scope.includedPath
        }
        for node in document.nodes where node.name == "removeChangeSetProperty" { takeRemoval(node, into: &scope) }
        if scope.format == .xml, root.child("schemaLocation") == nil {
            findings.error(
                "changelog.xml.schema", at: SourceLocation(file: scope.path, line: 1),
                "the root element names no schema; Liquibase refuses it",
                hint: "add xsi:schemaLocation=\"http://www.liquibase.org/xml/ns/dbchangelog …/dbchangelog-latest.xsd\"")
        }
    }

    /// The one property that can be removed is the position of an added column, which PostgreSQL does not have.
    private mutating func takeRemoval(_ node: ChangelogNode, into scope: inout FileScope) {
        guard node["change"] == "addColumn", let dbms = node["dbms"]?.javaTrimmedToNil,
            DbmsList.matches(dbms, database: parameters.filter.dbms, ignoringCase: false)
        else { return }
        let name = node["remove"] ?? ""
        guard ["afterColumn", "beforeColumn", "position"].contains(name) else {
            findings.error(
                "changelog.value", at: node.location,
                "remove is '\(name.prefix(200))', expected afterColumn, beforeColumn or position")
            return
        }
        scope.removedFromAddColumn.insert(name)
    }

    private mutating func take(_ node: ChangelogNode, scope: FileScope) throws {
        switch node.name {
        case "changeSet": takeChangeSet(node, scope: scope)
        case "include": try takeInclude(node, scope: scope, runWith: nil)
        case "includeAll": try takeIncludeAll(node, scope: scope, runWith: nil)
        case "property": try define(node, scope: scope)
        case "preConditions":
            preconditions.append(ResolvedChangelog.Precondition(node: node, path: scope.filePath))
        case "modifyChangeSets": try takeModified(node, scope: scope)
        case "removeChangeSetProperty": break  // Has been taken with the attributes.
        case let name: refuseUnknown(name, node, scope: scope)
        }
    }

    /// Leaves without meaning are ignored by Liquibase, except in XML, where the schema forbids them.
    private mutating func refuseUnknown(_ name: String, _ node: ChangelogNode, scope: FileScope) {
        let attributes = [
            "logicalFilePath", "context", "contextFilter", "objectQuotingStrategy", "schemaLocation", "changeLogId",
            "noNamespaceSchemaLocation",
        ]
        let elements = ["changeSet", "include", "includeAll", "property", "preConditions", "modifyChangeSets"]
        guard !attributes.contains(where: node.isNamed) else { return }
        let hint = Suggestion.nearest(to: name, in: elements).map { "did you mean '\($0)'?" }
        let sentence = "'\(name)' is not known in databaseChangeLog"
        if scope.format == .xml || !node.children.isEmpty {
            findings.error("changelog.unknown-element", at: node.location, sentence, hint: hint)
        } else if !name.isEmpty {
            findings.warning("changelog.unknown-element", at: node.location, sentence + " and is ignored", hint: hint)
        }
    }

    private mutating func takeModified(_ node: ChangelogNode, scope: FileScope) throws {
        for child in node.children where !child.children.isEmpty {
            switch child.name {
            case "include": try takeInclude(child, scope: scope, runWith: node["runWith"])
            case "includeAll": try takeIncludeAll(child, scope: scope, runWith: node["runWith"])
            default: refuseUnknown(child.name, child, scope: scope)
            }
        }
    }

    /// The bytes of a file within the limits; nil when there is none, or when it has been found wanting.
    mutating func bytes(of path: ChangelogPath, at location: SourceLocation) throws -> [UInt8]? {
        do {
            guard let bytes = try source.contents(of: path.normalized) else { return nil }
            filesRead += 1
            bytesRead += bytes.count
            let excess: String? =
                bytes.count > limits.bytesPerFile
                ? "'\(path.normalized)' has \(bytes.count) bytes; \(limits.bytesPerFile) are allowed"
                : bytesRead > limits.totalBytes
                    ? "the files of the changelog have more than \(limits.totalBytes) bytes together"
                    : filesRead > limits.files ? "the changelog reads more than \(limits.files) files" : nil
            guard let excess else { return bytes }
            throw SluiceError("changelog.too-large", .stalled, excess)
        } catch let error {
            let error = SluiceError(wrapping: error)
            guard error.kind == .stalled else { throw error }
            findings.error(error.code.rawValue, at: location, error.message, hint: error.hint)
            throw DiagnosticsError(findings.diagnostics)
        }
    }
}
