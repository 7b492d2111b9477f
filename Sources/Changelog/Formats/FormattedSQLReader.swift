import Diagnostics

/// Reads formatted SQL: SQL whose comments say where changesets begin and what they are.
///
/// Each changeset becomes the same nodes that an XML changeset with one `sql` change would be.
struct FormattedSQLReader {
    private let file: String
    private let limits: ChangelogLimits
    private var findings: Findings
    private var lines: LineSequence
    private var lineNumber = 0
    private var nodes: [ChangelogNode] = []
    private var hasHeader = false
    private var current: SQLChangeSetBuilder?

    static func read(
        _ bytes: [UInt8], file: String, limits: ChangelogLimits, into findings: inout Findings
    ) -> ChangelogDocument? {
        guard let text = SourceText.decode(bytes, file: file, into: &findings) else { return nil }
        var reader = FormattedSQLReader(file: file, limits: limits, findings: findings, lines: LineSequence(text))
        reader.readAll()
        findings = reader.findings
        return ChangelogDocument(format: .formattedSQL, nodes: reader.nodes)
    }

    private init(file: String, limits: ChangelogLimits, findings: Findings, lines: LineSequence) {
        self.file = file
        self.limits = limits
        self.findings = findings
        self.lines = lines
    }

    private var here: SourceLocation { SourceLocation(file: file, line: lineNumber, column: 1) }

    private mutating func nextLine() -> Substring? {
        guard let line = lines.next() else { return nil }
        lineNumber += 1
        return line
    }

    private mutating func readAll() {
        while !findings.isFull, nodes.count < limits.nodesPerFile, let line = nextLine() {
            if let directive = SQLDirective(line) {
                take(directive.meaning, line: line)
            } else if SQLDirective.opensRollbackBlock(line), current != nil {
                takeRollbackBlock()
            } else {
                current?.append(line, at: lineNumber)
            }
        }
        close(isLast: true)
    }

    private mutating func take(_ meaning: SQLDirective.Meaning, line: Substring) {
        switch meaning {
        case .header: takeHeader(line)
        case .property: takeProperty(line)
        case .ignoreLines(let argument): skip(argument)
        case .changeSet(let author, let id):
            close(isLast: false)
            current = SQLChangeSetBuilder(author: author, id: id, line: line, at: here)
        case .misspelt(let expected): refuse(expected)
        case .comment(let text):
            if current == nil {
                findings.error("changelog.sql.directive", at: here, "a --comment stands before the first changeset")
            }
            current?.comment = String(text)
        case .validCheckSum(let text):
            let place = here
            current?.validCheckSums.append((String(text), place))
        case .rollback(let sql): current?.rollback += sql + "\n"
        case .preconditions(let list): takePreconditions(list)
        case .precondition(let name, let body): takePrecondition(name, body)
        case .text: current?.append(line, at: lineNumber)
        }
    }

    /// Directives that belong into changesets are plain text outside of them, misspelt or not.
    private mutating func refuse(_ expected: String) {
        let isForAnywhere = ["--property", "--ignoreLines", "--changeset"].contains { expected.begins(with: $0) }
        guard current != nil || isForAnywhere else { return }
        findings.error(
            "changelog.sql.directive", at: here, "the line is meant for Liquibase but is not written as it must be",
            hint: "expected \(expected)")
    }

    private mutating func takeHeader(_ line: Substring) {
        if hasHeader {
            findings.error("changelog.sql.header", at: here, "the header '--liquibase formatted sql' stands twice")
        }
        hasHeader = true
        if let path = SQLAttributes(line)["logicalFilePath", .unbroken], !path.isEmpty {
            nodes.append(leaf("logicalFilePath", path))
        }
        // Inside a changeset the header would be one of its lines; there it is an error already.
    }

    private mutating func takeProperty(_ line: Substring) {
        let attributes = SQLAttributes(line)
        var node = ChangelogNode(name: "property", location: here)
        func add(_ name: String, _ value: String?) {
            if let value { node.children.append(leaf(name, value)) }
        }
        add("name", attributes["name", .spaced])
        add("value", attributes["value", .spaced])
        add("contextFilter", attributes["contextFilter", .quotable].map { String(SQLDirective.unquoted($0[...])) })
        add("context", attributes["context", .quotable].map { String(SQLDirective.unquoted($0[...])) })
        add("labels", attributes["labels", .quotable].map { String(SQLDirective.unquoted($0[...])) })
        add("dbms", attributes["dbms", .databases]?.javaTrimmed)
        add("global", attributes["global", .unbroken])
        nodes.append(node)
    }

    /// `start` skips to the line that says `end`; a number skips that many lines.
    private mutating func skip(_ argument: Substring) {
        if let count = Int(argument) {
            for _ in 0..<max(0, count) where nextLine() == nil { return }
            return
        }
        guard argument == "start" else {
            findings.error(
                "changelog.sql.directive", at: here, "--ignoreLines:\(argument) is not understood",
                hint: "expected a number, 'start' or 'end'")
            return
        }
        while let line = nextLine() {
            switch SQLDirective(line)?.meaning {
            case .ignoreLines("end"): return
            case .misspelt(let expected) where expected.begins(with: "--ignoreLines") && !line.begins(with: "--"):
                return refuse(expected)
            default: continue
            }
        }
    }

    /// The lines up to `*/` are joined without anything between them, as Liquibase joins them.
    private mutating func takeRollbackBlock() {
        let start = here
        while let line = nextLine() {
            let trimmed = line.javaTrimmed
            guard trimmed.ends(with: "*/") else {
                current?.rollback += line
                continue
            }
            let rest = trimmed.dropLast(2)
            if rest.utf8.contains(where: { !SQLDirective.isBlank($0) }) { current?.rollback += rest }
            return
        }
        findings.error(
            "changelog.sql.rollback", at: start, "the rollback comment is never closed", hint: "add a line '*/'")
    }

    private mutating func close(isLast: Bool) {
        guard let builder = current else { return }
        current = nil
        if let node = builder.node(isLast: isLast, into: &findings) { nodes.append(node) }
    }

    private func leaf(_ name: String, _ value: String) -> ChangelogNode {
        ChangelogNode(name: name, value: value, location: here)
    }
}

extension FormattedSQLReader {
    private mutating func takePreconditions(_ list: Substring) {
        guard current != nil else { return }
        let attributes = SQLAttributes(list)
        var node = ChangelogNode(name: "preConditions", location: here)
        let (output, update) = (attributes["onSqlOutput"], attributes["onUpdateSQL"])
        if output != nil, update != nil {
            findings.error("changelog.sql.precondition", at: here, "onSqlOutput and onUpdateSQL are the same; give one")
        }
        for (name, value) in [
            ("onFail", attributes["onFail"]), ("onError", attributes["onError"]), ("onSqlOutput", output ?? update),
        ] {
            if let value { node.children.append(leaf(name, value)) }
        }
        current?.preconditions = node
    }

    private mutating func takePrecondition(_ name: Substring, _ body: Substring?) {
        guard current != nil else { return }
        let parsed: SQLPrecondition.Outcome =
            body.map { SQLPrecondition.read(String(name), $0.javaTrimmed, at: here) } ?? .refused("it says nothing")
        switch parsed {
        case .node(let node):
            var all = current?.preconditions ?? ChangelogNode(name: "preConditions", location: here)
            all.children.append(node)
            current?.preconditions = all
        case .refused(let why):
            findings.error("changelog.sql.precondition", at: here, "the precondition '\(name)' cannot be read: \(why)")
        }
    }
}
