import ArgumentParser
import Terminal
import TestSupport
import Testing

@testable import ChangelogCommands

@Suite("Liquibase's command line")
struct LiquibaseCommandLineTests {
    /// The words for our parser; notes are thrown away.
    private func words(
        _ written: String, environment: [String: String] = [:], files: [String: String] = [:],
        note: @escaping (String) -> Void = { _ in }
    ) throws -> [String] {
        try LiquibaseCommandLine(
            commands: ChangelogCommand.configuration.subcommands, missing: ["generate-changelog"],
            environment: environment, note: note, readFile: { files[$0].map { Array($0.utf8) } }
        ).words(written.split(separator: " ").map(String.init))
    }

    @Test(
        "Commands and options are understood in all ways in which scripts write them",
        arguments: [
            ("update --url u -Da.b=c=d", "update --url=u --define=a.b=c=d"),
            ("--url=u --changeLogFile=m.xml update", "update --url=u --changelog-file=m.xml"),
            ("updateSQL --contexts a,b --labels=x", "update-sql --context-filter=a,b --label-filter=x"),
            ("rollbackCount 2 --url u", "rollback-count --count=2 --url=u"),
            ("rollbackToDate 2026-01-31 10:20:30", "rollback-to-date --date=2026-01-31 10:20:30"),
            ("update-count 3", "update-count --count=3"), ("tag v1", "tag --tag=v1"),
            ("futureRollbackSQL", "future-rollback-sql"), ("CHANGELOG-SYNC", "changelog-sync"),
            ("status --verbose", "status --verbose"), ("status --verbose=false", "status --no-verbose"),
            ("status --verbose TRUE", "status --verbose"), ("dropAll --force=true", "drop-all --force"),
            ("dropAll --force=false", "drop-all"), ("history -o json", "history -o json"),
            (
                "--schemaName=s --databaseChangeLogTableName=t update",
                "update --liquibase-schema-name=s --database-changelog-table-name=t"
            ),
            ("update --help", "update --help"), ("--help", "--help"), ("nonsense", "nonsense"),
        ])
    func spellings(written: String, read: String) throws {
        #expect(try words(written).joined(separator: " ") == read)
    }

    @Test("What a command has no use for is left out before its name, and is a mistake behind it")
    func elsewhere() throws {
        #expect(try words("--changelog-file m.xml --contexts a tag v1") == ["tag", "--tag=v1"])
        #expect(try words("tag v1 --changelog-file m.xml") == ["tag", "--tag=v1", "--changelog-file=m.xml"])
        #expect(try words("tag v1 --search-path p") == ["tag", "--tag=v1"])
    }

    @Test("The command line wins over the environment, and that over the local and the ordinary defaults file")
    func precedence() throws {
        let files = [
            "liquibase.properties": """
            # what everybody needs
            changeLogFile: file.xml
            liquibase.command.username = file
            liquibase.command.update.contexts=narrow
            contexts=wide
            url=file
            parameter.x = 1
            """,
            "liquibase.local.properties": "url=local\n",
        ]
        let environment = ["LIQUIBASE_COMMAND_CHANGELOG_FILE": "environment.xml", "LIQUIBASE_SEARCH_PATH": "there"]
        let read = try words("update --username me -Dx=2", environment: environment, files: files)
        #expect(
            Set(read) == [
                "update", "--username=me", "--url=local", "--changelog-file=environment.xml", "--context-filter=narrow",
                "--search-path=there", "--define=x=1", "--define=x=2",
            ])
        #expect(read.suffix(2) == ["--define=x=1", "--define=x=2"])
        #expect(try words("tag v1", files: files).sorted() == ["--tag=v1", "--url=local", "--username=file", "tag"])
    }

    @Test("Our own names for the database stand before a defaults file")
    func ownNames() throws {
        let files = ["liquibase.properties": "url=file"]
        #expect(try words("list-locks", environment: ["SLUICE_DATABASE_URL": "u"], files: files) == ["list-locks"])
        #expect(try words("list-locks --url-file f", files: files) == ["list-locks", "--url-file=f"])
    }

    @Test("Keys that mean nothing are noted, and under strict refused")
    func unknownKeys() throws {
        let files = [
            "other.properties": "frob=1\ndriver=org.postgresql.Driver\nreferenceUrl=r\nliquibase.hub.mode=off\n"
        ]
        var notes: [String] = []
        let line = "--defaults-file=other.properties list-locks"
        #expect(try words(line, files: files) { notes.append($0) } == ["list-locks"])
        #expect(notes == ["other.properties: not known here: frob"])
        #expect(throws: CommandFailure.self) { try words("--strict=true " + line, files: files) }
    }

    @Test("A value under which Liquibase would do something else is refused by the option's name")
    func otherValues() throws {
        #expect(try words("update --outputDefaultSchema=true --fileEncoding=UTF-8") == ["update"])
        for line in [
            "update --file-encoding=cp1251", "update --driver=org.h2.Driver", "rollback v1 --rollback-script=s",
        ] {
            let failure = #expect(throws: CommandFailure.self) { try words(line) }
            #expect(failure?.status == .notFound && failure?.code == "changelog.unsupported-option")
        }
    }

    @Test("A wait for a lock that nobody lives to see is refused before anything is asked", arguments: [525_601, .max])
    func endlessWait(_ minutes: Int) async {
        let words = [
            "list-locks", "--url=postgresql://127.0.0.1:1/none", "--changelog-lock-wait-time-in-minutes=\(minutes)",
        ]
        let refused = await Invocation.run(words)
        #expect(refused.status == .usage && refused.talk.contains("525600"), "\(refused.talk)")
    }

    @Test("A command that there is not is refused with the exit code for that")
    func missing() throws {
        let failure = #expect(throws: CommandFailure.self) { try words("generateChangeLog --url u") }
        #expect(failure?.status == .notFound && failure?.code == "changelog.unsupported-command")
    }

    @Test("should-run=false ends with success and does nothing")
    func shouldRun() {
        #expect(throws: ExitStatus.ok) { try words("update", environment: ["LIQUIBASE_SHOULD_RUN": "false"]) }
    }

    @Test("Each option that a command takes from elsewhere is one that its parser has")
    func declared() throws {
        for command in ChangelogCommand.configuration.subcommands {
            guard let command = command as? any LiquibaseCommand.Type else { continue }
            let help = command.helpMessage(columns: 200)
            for name in command.settings + [command.positional].compactMap(\.self) {
                #expect(help.contains("--\(name)") || help.contains("--no-\(name)"), "\(command) --\(name)")
                #expect(LiquibaseOption.named(name)?.name == name)
            }
        }
    }
}
