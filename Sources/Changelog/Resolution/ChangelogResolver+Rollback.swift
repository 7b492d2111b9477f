import Diagnostics

extension ChangelogResolver {
    /// What the `rollback` elements of a changeset say together.
    mutating func rollback(_ nodes: [ChangelogNode], of changeSet: ChangeSet) -> ChangeSet.Rollback {
        guard let first = nodes.first else { return .automatic }
        if let reference = nodes.first(where: { $0["changeSetId"] != nil }) {
            guard nodes.count == 1 else {
                findings.error(
                    "changelog.unsupported", at: reference.location,
                    "a rollback by changeSetId beside another rollback is not supported")
                return .automatic
            }
            return referenced(by: reference, from: changeSet)
        }
        var changes: [ChangelogNode] = []
        for node in nodes {
            if node.children.contains(where: \.name.isEmpty) {
                findings.error(
                    "changelog.rollback", at: node.location, "a rollback holds changes or one text, not a list")
            }
            changes += node.children.filter { !$0.name.isEmpty }
            if let sql = node.value?.javaTrimmedToNil {
                changes.append(ChangelogNode(name: "sql", value: sql, location: node.location))
            }
        }
        if changes.isEmpty { return .empty }
        if nodes.count == 1, first.children.isEmpty, let sql = first.value?.javaTrimmedToNil { return .sql(sql) }
        return .changes(changes)
    }

    /// The changeset that a rollback runs again: one that stands before it. Letters' case does not matter.
    private mutating func referenced(by node: ChangelogNode, from changeSet: ChangeSet) -> ChangeSet.Rollback {
        let (id, author) = (node["changeSetId"] ?? "", node["changeSetAuthor"] ?? "")
        let written = node["changeSetPath"] ?? changeSet.pathAsWritten
        let path = ((try? ChangelogPath(written))?.normalized ?? written).lowercased()
        let found = placesByID[id.lowercased()]?.last { place in
            let candidate = changeSets[place]
            return candidate.identity.author.lowercased() == author.lowercased()
                && (candidate.identity.path.lowercased() == path || candidate.pathAsWritten.lowercased() == path)
                && DbmsList.matches(candidate.dbms, database: parameters.filter.dbms, ignoringCase: true)
        }
        if let found { return .changeSet(changeSets[found].identity) }
        findings.error(
            "changelog.rollback-reference", at: node.location,
            "the changeset \(written)::\(id)::\(author), whose changes the rollback runs, does not stand before it")
        return .automatic
    }
}
