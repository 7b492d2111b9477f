import Diagnostics
import PostgresClient
import Synchronization
import TestSupport
import Testing

@testable import Changelog

/// Programs that changelogs have run.
@Suite struct ExecuteCommandTests {
    private static let registry: ChangeTypeRegistry = {
        var registry = ChangeTypeRegistry.standard
        registry.register(ExecuteCommand.self)
        return registry
    }()

    private static func changelog(_ changeSets: String) throws -> PreparedChangelog {
        try Preparing.changelog(changeSets, registry: registry)
    }

    private static func rows(_ connection: PostgresConnection) async throws -> [String] {
        try await connection.execute("SELECT id FROM databasechangelog ORDER BY orderexecuted").map { try $0.string(0) }
    }

    @Test("a program is refused by name where nobody registers it")
    func refused() {
        let mistakes = Preparing.mistakes("<executeCommand executable=\"true\"/>")
        #expect(
            mistakes.count == 1 && mistakes[0].contains("change type executeCommand is not supported"), "\(mistakes)")
    }

    @Test(
        "a program's words stay apart, its time limit is understood, and only the executable and the limit are hashed")
    func decoding() throws {
        let changes = """
            <executeCommand executable="dump" timeout="2m" os="Linux, Mac OS X"><arg value="-x y"/><arg value="z"/>\
            </executeCommand>
            """
        let prepared = try Self.changelog(Preparing.changeSet(changes)).changeSets[0]
        let call = ProgramCall(executable: "dump", arguments: ["-x y", "z"], timeout: .seconds(120))
        #expect(
            try prepared.statements() == [
                SQLStatement("dump -x y z", role: .program(call), location: prepared.changes[0].location)
            ])
        #expect(
            prepared.changes[0].record.serialized == "executeCommand:[\n    executable=\"dump\"\n    timeout=\"2m\"\n]")
        #expect(prepared.description == "executeCommand")
    }

    @Test("a program runs between the statements around it, and one for another system is passed over")
    func order() async throws {
        try await withConnection { connection in
            let seen = Mutex<[String]>([])
            var options = DeployerOptions()
            options.runProgram = { call in seen.withLock { $0.append(call.description) } }
            let changelog = try Self.changelog(
                Preparing.changeSet("<sql>create table t (i int)</sql><executeCommand executable=\"a\"/>")
                    + Preparing.changeSet("<executeCommand executable=\"b\" os=\"Windows 7\"/>", id: "2")
                    + Preparing.changeSet(
                        "<executeCommand executable=\"c\" os=\"Windows 7\"/><sql>insert into t values (1)</sql>",
                        id: "3"))
            try await Deployer(connection, options: options).update(changelog)
            #expect(seen.withLock { $0 } == ["a"])
            #expect(try await Self.rows(connection) == ["1", "3"])
        }
    }

    @Test("a program that fails takes its changeset back, unless failOnError says to go on", arguments: [true, false])
    func failure(_ failOnError: Bool) async throws {
        try await withConnection { connection in
            var options = DeployerOptions()
            options.runProgram = { _ in throw SluiceError("test.failed", .stalled, "no") }
            let changelog = try Self.changelog(
                Preparing.changeSet(
                    "<sql>create table t (i int)</sql><executeCommand executable=\"a\"/>",
                    "failOnError=\"\(failOnError)\"")
                    + Preparing.changeSet("<sql>create table u (i int)</sql>", id: "2"))
            do {
                try await Deployer(connection, options: options).update(changelog)
                #expect(!failOnError)
            } catch let failure as ChangelogFailure {
                #expect(failOnError && failure.message == "no" && failure.statement == 2)
            }
            #expect(try await connection.execute("SELECT to_regclass('t') IS NULL").single().bool(0))
            #expect(try await Self.rows(connection) == (failOnError ? [] : ["2"]))
        }
    }

    @Test("without somebody who runs programs a changeset that has one fails")
    func nobody() async throws {
        try await withConnection { connection in
            let changelog = try Self.changelog(Preparing.changeSet("<executeCommand executable=\"a\"/>"))
            let failure = await #expect(throws: ChangelogFailure.self) {
                try await Deployer(connection).update(changelog)
            }
            #expect(failure?.message == "programs of changelogs are not run here")
        }
    }

    @Test("a script names a program in a comment and does not run it")
    func script() async throws {
        let changelog = try Self.changelog(
            Preparing.changeSet("<executeCommand executable=\"a\"><arg value=\"b\"/></executeCommand>"))
        let text = try await UpdateScript(changelog, books: nil, options: DeployerOptions()).text
        #expect(text.contains("\n-- a b\n"))
    }
}
