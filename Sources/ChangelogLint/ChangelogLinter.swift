public import Changelog
import Diagnostics
import SQLSyntax

/// Judges a changelog by what its changesets would do to a database with data and users in it.
///
/// A candidate's database is empty and nobody waits there, so a deploy that succeeds says nothing of locks, rewrites and
/// rows that refuse a constraint. The rules read the SQL that each changeset sends, whatever format it was written in,
/// and follow the tables through the changelog. Pure: no database is asked. `ChangelogLint` must not know of registries,
/// candidates or git.
public struct ChangelogLinter: Sendable {
    /// What the rules count for.
    public let policy: LintPolicy
    let rules: [any LintRule]

    /// Makes a judge.
    public init(policy: LintPolicy = LintPolicy(), rules: [any LintRule] = LintRules.all) {
        self.policy = policy
        self.rules = rules.filter { policy.severity(of: $0.description) != .off }
    }

    /// What is to be said about a changelog, in run order.
    ///
    /// - Parameters:
    ///   - changelog: What is judged.
    ///   - base: What is deployed already, such as master's changelog. Only changesets that it does not have, or not in
    ///     this form, are judged. Without a base all are, each on its own: a table counts as new in the changeset that
    ///     creates it, and nowhere else.
    public func findings(in changelog: PreparedChangelog, base: PreparedChangelog? = nil) -> [LintFinding] {
        findings(in: [(changelog, base)])
    }

    /// What is to be said about changelogs that are deployed into one database one after the other, each with what is
    /// deployed of it already: a later one knows the tables of those before it.
    public func findings(in changelogs: [(changelog: PreparedChangelog, base: PreparedChangelog?)]) -> [LintFinding] {
        var schema = KnownSchema()
        return changelogs.flatMap { changelog, base in
            var review = Review(linter: self, changelog: changelog, base: base, schema: schema)
            let findings = review.run()
            schema = review.schema
            return findings
        }
    }

    /// One pass over a changelog.
    private struct Review {
        let linter: ChangelogLinter
        let context: ChangelogContext
        var schema: KnownSchema
        var findings: [LintFinding] = []

        init(
            linter: ChangelogLinter, changelog: PreparedChangelog, base: PreparedChangelog?, schema: KnownSchema
        ) {
            self.linter = linter
            self.schema = schema
            context = ChangelogContext(changelog: changelog, base: base)
        }

        mutating func run() -> [LintFinding] {
            for rule in linter.rules {
                for remark in rule.judge(context) { note(remark, of: rule.description, in: nil) }
            }
            for (index, changeSet) in context.changelog.changeSets.enumerated() { judge(changeSet, at: index) }
            return findings
        }

        private mutating func judge(_ prepared: PreparedChangeSet, at index: Int) {
            let isNew = context.isNew(prepared)
            var changeSet = ChangeSetContext(prepared: prepared, changelog: context)
            var statements: [SQLStatement] = []
            do { statements = try prepared.statements() } catch {
                changeSet.unjudged.append(.init(reason: SluiceError(wrapping: error).message))
            }
            let creator = KnownSchema.Creator(changeSet: index, isNew: context.base == nil ? nil : isNew)
            for sent in statements {
                let location = sent.location ?? prepared.changeSet.location
                if sent.role == .generator {
                    changeSet.unjudged.append(
                        .init(reason: "only a database can tell what is sent", location: location))
                    continue
                }
                do {
                    guard let text = try Self.text(of: sent) else { continue }
                    for statement in try SQLSyntax.parse(text) {
                        if isNew { changeSet.parts.append(judge(statement, at: location, in: prepared, index)) }
                        schema.apply(statement, by: creator, defaultSchema: prepared.dialect.defaultSchema)
                    }
                } catch let error as SQLSyntaxError {
                    changeSet.unjudged.append(.init(reason: error.description, location: location))
                } catch {
                    changeSet.unjudged.append(.init(reason: SluiceError(wrapping: error).message, location: location))
                }
            }
            guard isNew else { return }
            for rule in linter.rules {
                for remark in rule.judge(changeSet) { note(remark, of: rule.description, in: prepared) }
            }
        }

        /// What a statement sends, as far as it matters to the rules; nil for nothing.
        private static func text(of statement: SQLStatement) throws -> String? {
            switch statement.role {
            case .statement: return statement.text
            // The types of columns decide how values are written, and nothing else.
            case .typed(let typed): return try typed.outline()
            case .generator, .message, .program: return nil
            }
        }

        /// The context, and with it the copy of the schema, is gone before the schema changes again.
        private mutating func judge(
            _ statement: Statement, at location: SourceLocation, in prepared: PreparedChangeSet, _ index: Int
        ) -> ChangeSetContext.Part {
            let seen = StatementContext(
                statement: statement, location: location, schema: schema, changeSet: prepared, index: index)
            for rule in linter.rules {
                for remark in rule.judge(seen) {
                    var remark = remark
                    remark.location = remark.location ?? location
                    note(remark, of: rule.description, in: prepared)
                }
            }
            return ChangeSetContext.Part(
                statement: statement, location: location, concernsUsedTable: seen.concernsUsedTable)
        }

        private mutating func note(_ remark: LintRemark, of rule: RuleDescription, in prepared: PreparedChangeSet?) {
            var remark = remark
            remark.changeSet = prepared ?? remark.changeSet
            if let finding = linter.finding(remark, of: rule, inChangelog: context.changelog.path) {
                findings.append(finding)
            }
        }
    }

    /// A remark with the weight of its rule; nil when the changeset's comment allows it.
    func finding(_ remark: LintRemark, of rule: RuleDescription, inChangelog path: String) -> LintFinding? {
        let prepared = remark.changeSet
        let allowances = prepared.map { Allowance.read($0.changeSet.comment) } ?? []
        let isAllowed = allowances.contains { $0.isValid && $0.rules.contains(rule.name) }
        guard !(isAllowed && policy.honoursAllowances && rule.canBeAllowed) else { return nil }
        return LintFinding(
            rule: rule, severity: policy.severity(of: rule) == .fail ? .fail : .warn,
            identity: prepared?.identity ?? remark.identity,
            location: remark.location ?? prepared?.changeSet.location ?? SourceLocation(file: path),
            message: remark.message)
    }
}
