import Diagnostics
import Testing

@testable import Changelog

/// Contexts, labels and database lists, as tables of what the real Liquibase does.
@Suite struct FilterTests {
    /// Expression; then whether it holds for `a`; for `b,test-1`; for `A, C`; for no context at all.
    @Test(
        "a context expression holds as it does in Liquibase",
        arguments: [
            ("a", true, false, true, true), ("b", false, true, false, true), ("!a", false, true, false, true),
            ("a and b", false, false, false, true), ("a or c", true, false, true, true),
            ("a,c", true, false, true, true),
            ("!a and !b", false, false, false, true), ("(a or c) and b", false, false, false, true),
            ("a and (b or c)", false, false, true, true), ("not a", false, true, false, true),
            ("NOT c", true, true, false, true), ("A", true, false, true, true), ("a AND c", false, false, true, true),
            ("a OR b and c", true, false, true, true), ("!(a and c)", true, true, false, true),
            (" a ", true, false, true, true), ("@a", true, false, true, false), ("@c", false, false, true, false),
            ("!@c", true, true, false, true), ("a b", false, false, false, true), ("test-1", false, true, false, true),
            ("", true, true, true, true), ("@!a", false, true, false, true), ("or", false, false, false, true),
            ("(a)or(b)", true, true, true, true), ("not not a", true, true, true, true),
            ("b)", false, false, false, true),
        ])
    func contexts(_ text: String, _ first: Bool, _ second: Bool, _ third: Bool, _ none: Bool) throws {
        let expression = try #require(ContextExpression(text))
        let runs = ["a", "b,test-1", "A, C", nil].map(RuntimeContexts.init)
        #expect(runs.map(expression.matches) == [first, second, third, none])
    }

    @Test("parentheses that do not match are no expression", arguments: ["(a", "(a or (b)", "a and (b,c)"])
    func unreadable(_ text: String) {
        #expect(ContextExpression(text) == nil)
        #expect(
            Reading.mistakes([
                "c.xml": Reading.xml("<changeSet id='1' author='a' context='\(text)'><empty/></changeSet>")
            ])
                == ["changelog.context at c.xml:2:1"])
    }

    @Test("parentheses a hundred deep are refused, not followed")
    func deepParentheses() {
        let text = String(repeating: "(", count: 100_000) + "a" + String(repeating: ")", count: 100_000)
        #expect(ContextExpression(text) == nil)
    }

    @Test(
        "labels are asked for by expression",
        arguments: [
            ("x and y", "x,y", true), ("x and y", "x", false), ("!x and !z", "y", true), ("!x and !z", "x,y", false),
            ("z or (x and !y)", "X", true), ("x,z", "z", true), ("x,z", "q", false), ("", "x", true),
            ("x", "", true), ("!x", "", true), ("@x", "", false),
        ])
    func labels(_ asked: String, _ labels: String, _ holds: Bool) throws {
        #expect(try #require(LabelExpression(asked)).matches(labels: labels) == holds)
    }

    @Test(
        "database lists name PostgreSQL by one name only",
        arguments: [
            (nil, true), ("", true), ("postgresql", true), ("PostgreSQL", true), ("h2, postgresql", true),
            ("h2", false),
            ("!postgresql", false), ("!h2", true), ("!h2,postgresql", true), ("all", true), ("none", false),
            ("!postgresql,postgresql", false), ("postgres", false), ("all,!postgresql", true),
        ] as [(String?, Bool)])
    func databases(_ list: String?, _ matches: Bool) {
        #expect(DbmsList.matches(list, ignoringCase: true) == matches)
    }

    @Test("lists of changes are compared as they are written")
    func exactDatabases() {
        #expect(!DbmsList.matches("PostgreSQL", ignoringCase: false))
        #expect(DbmsList.matches("postgresql", ignoringCase: false))
    }

    @Test("a changeset is judged with what it inherits, database first")
    func inheritance() {
        var changeSet = ChangeSet(
            identity: .init(id: "1", author: "a", path: "c.xml"), location: SourceLocation(file: "c.xml"))
        changeSet.context = "a"
        changeSet.inheritedContexts = ["b or c"]
        changeSet.labels = "x"
        changeSet.inheritedLabels = ["y"]
        func reason(_ contexts: String?, _ labels: String = "") -> ChangeSetFilter.Reason? {
            ChangeSetFilter(contexts: RuntimeContexts(contexts), labels: LabelExpression(labels) ?? LabelExpression())
                .reasonToSkip(changeSet)
        }
        #expect(reason(nil) == nil)
        #expect(reason("a,b") == nil)
        #expect(reason("a") == .context)
        #expect(reason("b") == .context)
        #expect(reason(nil, "y and x") == nil)
        #expect(reason(nil, "z") == .label)
        #expect(changeSet.fullContext == "(b or c) AND a")
        #expect(changeSet.fullLabels == "y,x")
        changeSet.ignore = true
        #expect(reason(nil) == .ignored)
        changeSet.dbms = "oracle"
        #expect(reason(nil) == .dbms)
    }
}
