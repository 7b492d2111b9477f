import Diagnostics

extension ChangelogNode {
    /// Whether there is anything to expand. Most changesets have nothing, and are then not copied.
    fileprivate var mentionsProperties: Bool {
        value?.utf8.contains(UInt8(ascii: "$")) == true || children.contains(where: \.mentionsProperties)
    }
}

extension ChangelogResolver {
    /// A node with `${}` replaced in all its texts.
    mutating func expanded(
        _ node: ChangelogNode, scope: FileScope, with expander: inout PropertyExpander
    ) -> ChangelogNode {
        guard scope.format != .plainSQL, node.mentionsProperties else { return node }
        do throws(PropertyExpander.Failure) {
            let changeSet = node.name == "changeSet" ? node : nil
            return try expanded(node, scope: scope, changeSet: changeSet, with: &expander)
        } catch {
            switch error {
            case .tooDeep(let text):
                findings.error(
                    "changelog.property-cycle", at: node.location,
                    "properties refer to each other without end, or deeper than \(limits.propertyDepth), near '\(text)'"
                )
            case .tooLarge:
                findings.error(
                    "changelog.property-size", at: node.location,
                    "expanded properties add more than \(limits.expandedBytes) bytes to the file")
            case .unknown(let name):
                findings.error(
                    "changelog.property-unknown", at: node.location, "the property '\(name.prefix(200))' is not defined"
                )
            }
            return node
        }
    }

    private func expanded(
        _ node: ChangelogNode, scope: FileScope, changeSet: ChangelogNode?, with expander: inout PropertyExpander
    ) throws(PropertyExpander.Failure) -> ChangelogNode {
        var node = node
        if let value = node.value, value.utf8.contains(UInt8(ascii: "$")) {
            node.value = try expander.expand(value) { self.value(of: $0, scope: scope, changeSet: changeSet) }
        }
        for index in node.children.indices
        where !(scope.format.isLiteral(node.children[index].name) && changeSet != nil) {
            node.children[index] = try expanded(
                node.children[index], scope: scope, changeSet: changeSet, with: &expander)
        }
        return node
    }

    /// What a name means here. Four names speak of the run itself and cannot be redefined.
    private func value(of name: String, scope: FileScope, changeSet: ChangelogNode?) -> String? {
        switch name.uppercased() {
        case "LIQUIBASE_EXECUTION_CHANGELOG_FILE": scope.filePath
        case "LIQUIBASE_EXECUTION_CHANGESET_ID": changeSet?["id"]
        case "LIQUIBASE_EXECUTION_CHANGESET_AUTHOR": changeSet?["author"]
        default: properties.value(of: name, in: scope.propertyKeys)
        }
    }

    /// A `property` in its turn, after expansion.
    mutating func define(_ node: ChangelogNode, scope: FileScope) throws {
        let filter = node["contextFilter"].flatMap { $0.isEmpty ? nil : $0 }
        try define(node, context: filter ?? node["context"], scope: scope)
    }

    /// A `property` of a YAML file before the file is expanded. `contextFilter` is not looked at then,
    /// and what is wrong is reported in its turn.
    mutating func define(early node: ChangelogNode, scope: FileScope) throws {
        let before = findings
        defer { findings = before }
        try define(node, context: node["context"], scope: scope)
    }

    private mutating func define(_ node: ChangelogNode, context: String?, scope: FileScope) throws {
        guard let expression = ContextExpression(context) else {
            return check(context: context ?? "", at: node.location)
        }
        var definition = PropertyTable.Definition(value: nil)
        definition.context = expression
        definition.labels = node["labels"]
        definition.dbms = node["dbms"]
        let isGlobal = flag("global", of: node, default: true, scope: scope)
        let key = isGlobal ? nil : scope.filePath
        if let file = node["file"] {
            for (name, value) in try propertiesFile(file, node, scope: scope) {
                definition.value = value
                properties.define(name, definition, localTo: key)
            }
        } else if let name = node["name"] {
            definition.value = node["value"]
            properties.define(name, definition, localTo: key)
        } else {
            findings.error("changelog.property", at: node.location, "'property' has neither 'name' nor 'file'")
        }
    }

    private mutating func propertiesFile(
        _ file: String, _ node: ChangelogNode, scope: FileScope
    ) throws -> [(name: String, value: String)] {
        let isRelative = flag("relativeToChangelogFile", of: node, default: false, scope: scope)
        guard let path = confined(file, besides: isRelative ? scope.path : nil, at: node.location) else { return [] }
        if let bytes = try bytes(of: path, at: node.location) {
            // The last line of a name wins within one file, the first definition between files.
            let pairs = Dictionary(PropertiesFile.read(bytes).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
            return pairs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
        if flag("errorIfMissing", of: node, default: true, scope: scope) { missing(file, at: node.location) }
        return []
    }
}
