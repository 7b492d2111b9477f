import Diagnostics
import Testing

@testable import Changelog

/// The plan is a pure function of changelog and books.
@Suite struct DeploymentPlanTests {
    private static let change = "<createTable tableName=\"t\"><column name=\"a\" type=\"int\"/></createTable>"

    private static func plan(_ attributes: String, md5: String?, extra: String = "") throws -> DeploymentPlan {
        let changelog = try Preparing.changelog(Preparing.changeSet(extra + change, attributes))
        let identity = try #require(changelog.changeSets.first).identity
        let entry = BookEntry(identity: identity, order: 1, checksum: md5.flatMap { Checksum($0) })
        return DeploymentPlan(changelog, books: Books([entry]))
    }

    @Test("a changeset without a row runs")
    func fresh() throws {
        let plan = DeploymentPlan(try Preparing.changelog(Preparing.changeSet(Self.change)), books: Books())
        #expect(plan.steps.map(\.action) == [.run])
    }

    @Test(
        "a changeset with a row is skipped, run again, upgraded or refused, as checksum and attributes say",
        arguments: [
            ("", "9:real", "", DeploymentPlan.Action.skip as DeploymentPlan.Action?), ("", "", "", .upgradeChecksum),
            ("", "9:other", "", nil),
            ("runOnChange=\"true\"", "9:other", "", .rerun), ("runOnChange=\"true\"", "9:real", "", .skip),
            ("runAlways=\"true\"", "9:real", "", .rerun), ("", "9:other", "<validCheckSum>ANY</validCheckSum>", .skip),
            ("", "9:other", "<validCheckSum>9:other</validCheckSum>", .skip),
            ("", "9:other", "<validCheckSum>9:nope</validCheckSum>", nil),
        ])
    func rows(_ attributes: String, _ md5: String, _ extra: String, _ expected: DeploymentPlan.Action?) throws {
        let real = try Preparing.only(extra + Self.change, attributes).checksum.description
        let plan = try Self.plan(attributes, md5: md5 == "9:real" ? real : md5, extra: extra)
        #expect(plan.steps.first?.action == expected)
        #expect(plan.refusals.isEmpty == (expected != nil))
    }

    @Test("a refusal names the changeset, its place and both checksums")
    func refusal() throws {
        let plan = try Self.plan("", md5: "9:other")
        let error = #expect(throws: SluiceError.self) { try plan.requireAccepted() }
        #expect(error?.code == "changelog.checksum-mismatch")
        #expect(error?.location?.description == "changelog.xml:2:1")
        let now = try Preparing.only(Self.change).checksum
        #expect(error?.message.contains("changelog.xml::1::a") == true)
        #expect(error?.message.contains("9:other and is now \(now)") == true)
    }

    @Test("paths in the books are compared as Liquibase compares them")
    func paths() throws {
        let books = Books([BookEntry(identity: .init(id: "1", author: "a", path: "classpath:/db\\c.xml"))])
        #expect(books[.init(id: "1", author: "a", path: "db/c.xml")] != nil)
    }

    @Test("two changesets with one identity are refused")
    func duplicates() {
        let twice = Preparing.changeSet(Self.change) + "\n" + Preparing.changeSet("<empty/>")
        let error = #expect(throws: DiagnosticsError.self) { try Preparing.changelog(twice) }
        #expect(error?.diagnostics.map(\.code) == ["changelog.duplicate-changeset"])
    }
}
