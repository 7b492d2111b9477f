import Diagnostics

/// One changeset of formatted SQL while its lines come in.
struct SQLChangeSetBuilder {
    var comment: String?
    var validCheckSums: [(text: String, location: SourceLocation)] = []
    var preconditions: ChangelogNode?
    var rollback = ""

    private let location: SourceLocation
    private var attributes: [ChangelogNode] = []
    private var sqlOptions: [ChangelogNode] = []
    private var rollbackOptions: [ChangelogNode] = []
    private var hasEndDelimiter = false
    private var body = ""
    private var bodyLine: Int?

    init(author: Substring, id: Substring, line: Substring, at location: SourceLocation) {
        self.location = location
        let found = SQLAttributes(line)
        func leaf(_ name: String, _ value: String?) -> ChangelogNode? {
            value.map { ChangelogNode(name: name, value: $0, location: location) }
        }
        func text(_ name: String) -> String? {
            found[name, .quotable].map { String(SQLDirective.unquoted($0[...])) }
        }
        let flags = ["runOnChange", "runAlways", "runInTransaction", "failOnError"].map { leaf($0, found[$0]) }
        attributes =
            ([leaf("id", String(id)), leaf("author", String(author))] + flags + [
                leaf("contextFilter", text("contextFilter")), leaf("context", text("context")),
                leaf("labels", text("labels")), leaf("logicalFilePath", found["logicalFilePath", .unbroken]),
                leaf("dbms", found["dbms", .databases]), leaf("ignore", found["ignore", .wordOrNothing]),
                leaf("runWith", found["runWith", .expression]),
            ]).compactMap(\.self)
        // Comments are stripped unless the author forbids it: the one default that differs from the `sql` change.
        sqlOptions = [
            leaf("splitStatements", found["splitStatements"]), leaf("stripComments", found["stripComments"] ?? "true"),
            leaf("endDelimiter", found["endDelimiter", .unbroken, isWholeWord: true]),
        ].compactMap(\.self)
        hasEndDelimiter = sqlOptions.contains { $0.name == "endDelimiter" }
        rollbackOptions = [
            leaf("splitStatements", found["rollbackSplitStatements"]),
            leaf("endDelimiter", found["rollbackEndDelimiter", .unbroken, isWholeWord: true]),
        ].compactMap(\.self)
    }

    mutating func append(_ line: Substring, at number: Int) {
        if bodyLine == nil, line.utf8.contains(where: { !SQLDirective.isBlank($0) }) { bodyLine = number }
        body += line
        body += "\n"
    }

    /// The finished changeset; nil, with a finding, when it holds no SQL.
    func node(isLast: Bool, into findings: inout Findings) -> ChangelogNode? {
        guard let sql = body.javaTrimmedToNil else {
            findings.error("changelog.sql.empty", at: location, "the changeset holds no SQL")
            return nil
        }
        var options = sqlOptions
        if isLast, !hasEndDelimiter, sql.ends(with: "\n/") {
            options.append(ChangelogNode(name: "endDelimiter", value: "\n/$", location: location))
        }
        let place = SourceLocation(file: location.file, line: bodyLine ?? location.line, column: 1)
        var children = attributes
        children += validCheckSums.map { ChangelogNode(name: "validCheckSum", value: $0.text, location: $0.location) }
        if let comment { children.append(ChangelogNode(name: "comment", value: comment, location: location)) }
        if let preconditions { children.append(preconditions) }
        children.append(ChangelogNode(name: "sql", value: sql, children: options, location: place))
        if let rollback = rollbackNode(into: &findings) { children.append(rollback) }
        return ChangelogNode(name: "changeSet", children: children, location: location)
    }

    private func rollbackNode(into findings: inout Findings) -> ChangelogNode? {
        guard let text = rollback.javaTrimmedToNil else { return nil }
        let lowered = text.lowercased()
        var node = ChangelogNode(name: "rollback", location: location)
        if lowered.begins(with: "not required") || lowered.begins(with: "empty"), !text.holds("\n") { return node }
        guard lowered.holds("changesetid") else {
            node.children = [ChangelogNode(name: "sql", value: rollback, children: rollbackOptions, location: location)]
            return node
        }
        let attributes = SQLAttributes(Substring(rollback.replacingAll("\n", with: "").replacingAll("\r", with: "")))
        for name in ["changeSetId", "changeSetAuthor", "changeSetPath"] {
            if let value = attributes[name, .spaced] {
                node.children.append(ChangelogNode(name: name, value: value, location: location))
            } else if name != "changeSetPath" {
                findings.error("changelog.sql.rollback", at: location, "the rollback names no \(name)")
            }
        }
        return node
    }
}
