import Changelog
import Diagnostics
import Testing

@testable import ChangelogLint

@Suite("Lint of a merge: what neither side shows for itself")
struct MergeRuleTests {
    private static let base = "--changeset a:one\nCREATE TABLE t (id int);"
    private static func adding(_ id: String) -> String { "\(base)\n--changeset a:\(id)\nSELECT 1;" }

    private static func findings(
        ours: String, target: String, merged: String, policy: LintPolicy = LintPolicy()
    ) throws -> [String] {
        func read(_ text: String) throws -> PreparedChangelog {
            try Judging.prepare(["changelog.sql": Judging.formatted(text)])
        }
        let merge = ChangelogMerge(
            of: try read(ours), since: try read(base), into: try read(target),
            giving: Result { try read(merged) }.mapError(SluiceError.init(wrapping:)))
        return ChangelogLinter(policy: policy).findings(in: merge).map { "\($0.rule.name): \($0.message)" }
    }

    @Test("a merge that appends to what the target has by now is nothing to talk about")
    func appended() throws {
        let merged = "\(Self.adding("x"))\n--changeset a:y\nSELECT 1;"
        #expect(try Self.findings(ours: Self.adding("y"), target: Self.adding("x"), merged: merged).isEmpty)
    }

    @Test("a changeset that a merge puts before deployed ones is out of order, though it is last on its branch")
    func outOfOrder() throws {
        let merged = "\(Self.adding("y"))\n--changeset a:x\nSELECT 1;"
        #expect(
            try Self.findings(ours: Self.adding("y"), target: Self.adding("x"), merged: merged) == [
                """
                out-of-order-changeset: merged with the target branch: new changeset changelog.sql::y::a stands before \
                changelog.sql::x::a, which is deployed
                """
            ])
    }

    @Test("an edit of what only the target has by now is told as an edit of a deployed changeset")
    func edited() throws {
        let merged = "\(Self.base)\n--changeset a:x\nSELECT 2;"
        #expect(
            try Self.findings(ours: Self.base, target: Self.adding("x"), merged: merged).first?
                .hasPrefix("edited-deployed-changeset: merged with the target branch: changeset changelog.sql::x::a")
                == true)
    }

    @Test("a merge that nobody can understand fails, unless the policy has the rule off")
    func broken() throws {
        let merged = "\(Self.adding("x"))\n--changeset a:x\nSELECT 1;"
        #expect(
            try Self.findings(ours: Self.adding("x"), target: Self.adding("x"), merged: merged)
                == ["broken-merge: merged with the target branch: changeset changelog.sql::x::a is there twice"])
        let off = LintPolicy(rules: ["broken-merge": .off])
        #expect(
            try Self.findings(ours: Self.adding("x"), target: Self.adding("x"), merged: merged, policy: off).isEmpty)
    }

    @Test("what the candidate shows for itself is not said a second time about its merge")
    func saidBefore() throws {
        let ours = "\(Self.base)\n--changeset b:one\nSELECT 1;"
        let merged = "\(Self.adding("x"))\n--changeset b:one\nSELECT 1;"
        #expect(try Self.findings(ours: ours, target: Self.adding("x"), merged: merged).isEmpty)
    }
}
