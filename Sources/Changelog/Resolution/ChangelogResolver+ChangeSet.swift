import Diagnostics

extension ChangelogResolver {
    mutating func takeChangeSet(_ node: ChangelogNode, scope: FileScope) {
        guard let identity = identity(of: node, scope: scope) else { return }
        var changeSet = ChangeSet(identity: identity, location: node.location)
        changeSet.file = scope.path
        changeSet.propertyKeys = scope.propertyKeys
        applyPath(to: &changeSet, node, scope: scope)
        takeAttributes(of: node, into: &changeSet, scope: scope)
        changeSet.inheritedContexts = scope.contexts
        changeSet.inheritedLabels = scope.labels
        changeSet.ignore = changeSet.ignore || scope.isIgnored
        changeSet.runWith = changeSet.runWith ?? scope.runWith
        var rollbacks: [ChangelogNode] = []
        takeChildren(of: node, into: &changeSet, rollbacks: &rollbacks)
        if !scope.removedFromAddColumn.isEmpty {
            changeSet.changes = changeSet.changes.map { Self.without(scope.removedFromAddColumn, $0) }
        }
        // What is for another database is never looked into: its changes may be anything.
        if DbmsList.matches(changeSet.dbms, database: parameters.filter.dbms, ignoringCase: true) {
            changeSet.rollback = rollback(rollbacks, of: changeSet)
        }
        placesByID[changeSet.identity.id.lowercased(), default: []].append(changeSets.count)
        changeSets.append(changeSet)
    }

    private mutating func identity(of node: ChangelogNode, scope: FileScope) -> ChangeSet.Identity? {
        for name in ["id", "author"] where node[name] == nil {
            mistakes.append(
                Diagnostic(
                    code: "changelog.changeset-\(name)", at: node.location, "the changeset has no '\(name)'",
                    hint: "a changeset is known by its id, its author and its file"))
        }
        guard let id = node["id"], let author = node["author"] else { return nil }
        for (name, text) in [("id", id), ("author", author)] where text.unicodeScalars.count > 255 {
            mistakes.append(
                Diagnostic(
                    code: "changelog.unsupported-identity", at: node.location,
                    "changeset \(id.limitedWithDots(to: 60)): an \(name) of more than 255 characters is not supported",
                    hint: "the books hold no more; Liquibase would run the changeset and fail at its row"))
            return nil
        }
        return ChangeSet.Identity(id: id, author: author, path: scope.filePath)
    }

    /// The path in the books: the changeset's own logical path, or one from an include above, or that of the file.
    private func applyPath(to changeSet: inout ChangeSet, _ node: ChangelogNode, scope: FileScope) {
        let own = node["logicalFilePath"]?.javaTrimmedToNil.map { path in
            let path = path.replacingAll("\\", with: "/")
            return path.begins(with: "/") ? String(path.dropFirst()) : path
        }
        let isSQL = scope.format == .formattedSQL
        if let own {
            let normalized = isSQL ? (try? ChangelogPath(own))?.normalized : nil
            changeSet.identity.path = normalized ?? own
        }
        changeSet.pathAsWritten = changeSet.identity.path
        // In formatted SQL an include's logical path wins even over the changeset's own.
        if let included = scope.includedPath, !included.isEmpty, own == nil || isSQL, scope.format != .plainSQL {
            changeSet.identity.path = included
        }
    }

    private mutating func takeAttributes(of node: ChangelogNode, into changeSet: inout ChangeSet, scope: FileScope) {
        changeSet.context =
            [node["contextFilter"], node["context"]].compactMap { $0?.javaTrimmedToNil != nil ? $0 : nil }
            .first
        if let context = changeSet.context { check(context: context, at: node.location) }
        check(labels: node["labels"], at: node.location)
        let labels = FilterList.items(node["labels"])
        changeSet.labels = labels.isEmpty ? nil : labels.joined(separator: ",")
        changeSet.dbms = node["dbms"]?.javaTrimmedToNil
        changeSet.runAlways =
            node.child("runAlways") != nil
            ? flag("runAlways", of: node, default: false, scope: scope)
            : flag("alwaysRun", of: node, default: false, scope: scope)
        changeSet.runOnChange = flag("runOnChange", of: node, default: false, scope: scope)
        changeSet.runInTransaction = flag("runInTransaction", of: node, default: true, scope: scope)
        changeSet.failOnError = flag("failOnError", of: node, default: true, scope: scope)
        changeSet.ignore = flag("ignore", of: node, default: false, scope: scope)
        changeSet.created = node["created"]
        changeSet.runWith = node["runWith"].flatMap { $0.isEmpty ? nil : $0 }
        changeSet.quoting =
            choice("objectQuotingStrategy", of: node, "LEGACY, QUOTE_ALL_OBJECTS or QUOTE_ONLY_RESERVED_WORDS")
            ?? scope.quoting
        changeSet.onValidationFail = choice("onValidationFail", of: node, "HALT or MARK_RAN") ?? .halt
        changeSet.runOrder = choice("runOrder", of: node, "first or last")
        // The attributes of formatted SQL may be given more than once; comments are its lines, of which the last counts.
        let comments = node.children(named: "comment").map { $0.value ?? "" }.joined(separator: "\n")
        changeSet.comment = scope.format == .formattedSQL ? comments : comments.javaTrimmedToNil
        if changeSet.comment?.isEmpty == true { changeSet.comment = nil }
    }

    private mutating func takeChildren(
        of node: ChangelogNode, into changeSet: inout ChangeSet, rollbacks: inout [ChangelogNode], depth: Int = 0
    ) {
        for child in node.children {
            switch child.name {
            case "rollback": rollbacks.append(child)
            case "validCheckSum", "validCheckSums":
                changeSet.validCheckSums += [child.value].compactMap(\.self)
                changeSet.validCheckSums += child.children.filter(\.name.isEmpty).compactMap(\.value)
            case "modifySql": changeSet.sqlModifications.append(child)
            case "preConditions", "preconditions": changeSet.preconditions = child
            case "changes":
                guard depth < 10 else { continue }
                takeChildren(of: child, into: &changeSet, rollbacks: &rollbacks, depth: depth + 1)
            default:
                if depth == 0, ChangeSet.attributeNames.contains(child.name.lowercased()) { continue }
                if child.name.isEmpty {
                    findings.error(
                        "changelog.change", at: child.location, "a change is expected here, not '\(child.value ?? "")'")
                } else {
                    changeSet.changes.append(child)
                }
            }
        }
    }

    private static func without(_ attributes: Set<String>, _ change: ChangelogNode) -> ChangelogNode {
        guard change.name == "addColumn" || change.name == "columns" || change.name == "column" else { return change }
        var change = change
        change.children = change.children.map { without(attributes, $0) }
        if change.name == "column" { change.children.removeAll { attributes.contains($0.name) } }
        return change
    }

    private mutating func choice<Choice: RawRepresentable<String>>(
        _ name: String, of node: ChangelogNode, _ expected: String
    ) -> Choice? {
        guard let child = node.child(name), let text = child.value?.javaTrimmedToNil else { return nil }
        if let value = Choice(rawValue: text) { return value }
        findings.error("changelog.value", at: child.location, "\(name) is '\(text.prefix(200))', expected \(expected)")
        return nil
    }

    /// A yes-or-no attribute. Liquibase takes everything but `true` for false; XML's schema allows only real booleans.
    mutating func flag(_ name: String, of node: ChangelogNode, default: Bool, scope: FileScope) -> Bool {
        guard let child = node.child(name), let text = child.value else { return `default` }
        if scope.format == .xml, !["true", "false", "0", "1"].contains(text), !text.begins(with: "${") {
            findings.error(
                "changelog.value", at: child.location, "\(name) is '\(text.prefix(200))', expected true or false")
        }
        return text.javaBoolean
    }
}
