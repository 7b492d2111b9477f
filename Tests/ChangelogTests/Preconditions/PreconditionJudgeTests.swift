import Testing

@testable import Changelog

/// Conditions are judged without a database: the questions are answered by the test.
@Suite struct PreconditionJudgeTests {
    private static let yes = Precondition.known(true, failure: "never")
    private static let no = Precondition.known(false, failure: "no")

    private static func judge(rows: [[String?]] = []) -> PreconditionJudge {
        PreconditionJudge(
            properties: ["p1": "v1"], user: "Lb", hasRun: { $0.id == "1" }, query: { _ in rows })
    }

    @Test(
        "and, or and not hold as they read",
        arguments: [
            (Precondition.and([]), true), (.and([yes, yes]), true), (.and([yes, no]), false), (.or([no, yes]), true),
            (.or([no, no]), false), (.or([]), false), (.not([]), true), (.not([no]), true), (.not([no, yes]), false),
            (.not([.or([no])]), true),
            (.user("lB"), true), (.user("nobody"), false), (.property(name: "P1", value: nil), true),
            (.property(name: "p1", value: "v1"), true), (.property(name: "p1", value: "x"), false),
            (.property(name: "p2", value: nil), false), (.executed(.init(id: "1", author: "a", path: "c")), true),
            (.executed(.init(id: "2", author: "a", path: "c")), false),
        ])
    func trees(_ condition: Precondition, _ holds: Bool) async throws {
        #expect(try await (Self.judge().failure(of: condition) == nil) == holds)
    }

    @Test(
        "a question is judged by the rows that come back",
        arguments: [
            (PreconditionQuery.Expectation.someRow, [["1" as String?]], true), (.someRow, [], false),
            (.noRow, [], true), (.noRow, [["1"]], false), (.text("t"), [["t"]], true), (.text("true"), [["t"]], false),
            (.text(""), [[nil]], false),
        ])
    func questions(_ expectation: PreconditionQuery.Expectation, _ rows: [[String?]], _ holds: Bool) async throws {
        let question = Precondition.query(PreconditionQuery("select", expectation, failure: "no"))
        #expect(try await (Self.judge(rows: rows).failure(of: question) == nil) == holds)
    }

    @Test(
        "a sqlCheck that does not give one value cannot be judged",
        arguments: [[], [["1"], ["1"]], [["1", "2"]]] as [[[String?]]])
    func unanswered(_ rows: [[String?]]) async throws {
        let question = Precondition.query(PreconditionQuery("select", .text("1"), failure: "no"))
        await #expect(throws: PreconditionJudge.Unanswered.self) {
            try await Self.judge(rows: rows).failure(of: question)
        }
    }

    @Test("an index that is named may have any columns, and one that is not must be told by table and columns")
    func indexes() throws {
        let named = try #require(
            try Preparing.only(
                "<preConditions><indexExists indexName=\"i\" columnNames=\"b\"/></preConditions><empty/>"
            )
            .preconditions)
        #expect(!"\(named.condition)".contains("indkey"))
        #expect(
            Preparing.mistakes("<preConditions><indexExists tableName=\"t\"/></preConditions><empty/>").first?
                .contains("'indexName', or 'tableName' and 'columnNames', is required") == true)
    }

    @Test("conditions and their options are read, and unknown ones are refused by name")
    func reading() throws {
        let conditions = """
            <preConditions onFail="MARK_RAN" onError="WARN" onFailMessage="why"><or><tableExists tableName="t"/>
            <sqlCheck expectedResult="1">select 1;</sqlCheck></or></preConditions>
            """
        let set = try #require(try Preparing.only(conditions + "<empty/>").preconditions)
        #expect(set.onFail == .markRan)
        #expect(set.onError == .warn)
        #expect(set.onFailMessage == "why")
        #expect(
            Preparing.mistakes("<preConditions><moonIsFull/></preConditions><empty/>") == [
                "changelog.unsupported-precondition: changeset changelog.xml::1::a: precondition moonIsFull is not supported"
            ])
    }
}
