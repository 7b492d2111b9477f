import ChangelogLint
import DesiredState
import Diagnostics
import Foundation
import Testing

@Suite struct SpecTests {
    private static let registry = RegistrySpec(
        forge: "f", project: "group/land", branch: "release/1", server: "s", referenceDatabase: "ref",
        databasePrefix: "land_", watchedPaths: ["data-model", "settings.yaml"],
        changelogs: [
            ChangelogSpec(
                path: "data-model/a.xml", contexts: ["all"], labels: "!x", parameters: ["a": "1", "empty": ""]),
            ChangelogSpec(path: "data-model/b.yaml"),
            ChangelogSpec(path: "data-model/alembic.ini", command: MigrationCommandSpec(preset: .alembic)),
            ChangelogSpec(
                path: "data-model/flyway.toml",
                command: MigrationCommandSpec(arguments: ["flyway", "", "migrate"], environment: ["A": ""])),
        ],
        changelog: ChangelogSettings(
            lint: LintPolicy(rules: ["drop-table": .fail, "missing-rollback": .off], honoursAllowances: false)),
        database: DatabaseLayout(
            defaultSchema: "registry", searchPath: ["$user", "registry"], liquibaseSchema: "public",
            changelogTable: "ddm_db_changelog", lockTable: "ddm_db_changelog_lock"),
        limits: CandidateLimits(deadline: .seconds(5400), maxSize: 5_000_000, maxConnections: 7),
        baseTemplateBudget: 0, interval: .seconds(30),
        cleanup: CleanupPolicy(deletionBudget: 3, gracePeriod: .seconds(90), keepFailed: .seconds(86_400)),
        maxCandidates: 12,
        suspension: Suspension(reason: "the platform moves", until: Date(timeIntervalSince1970: 1_800_000_000)))

    @Test(
        "A spec that is stored and read back is the same",
        arguments: [
            .registry(registry),
            .registry(RegistrySpec(forge: "f", project: "p", server: "s", changelogs: [ChangelogSpec(path: "a.sql")])),
            .forge(.local(LocalForgeSpec(path: "/srv"))),
            .forge(
                ForgeSpec(
                    .gerrit(
                        GerritSpec(
                            url: "https://g.example/r", user: "ci", password: .file("/p"), label: "Data-Model")),
                    webhook: WebhookSpec(secrets: [.environment("NEW"), .file("/old")]))),
            .forge(ForgeSpec(.gitLab(GitLabSpec(url: "http://10.0.0.1:8080", token: .file("/t"), label: "db")))),
            .forge(ForgeSpec(.gitHub(GitHubSpec(token: .environment("T"), statusContext: "gate/a.b")))),
            .forge(ForgeSpec(.gitee(GiteeSpec(token: .environment("T"))))),
            .databaseServer(DatabaseServerSpec(source: .embedded)),
            .databaseServer(DatabaseServerSpec(source: .connection(.file("/a")), maxDatabases: 4)),
            .controlRepository(ControlRepositorySpec(forge: "f", project: "p", stages: ["production"])),
            .controlRepository(ReleaseSamples.repository),
            .release(ReleaseSpec(repository: "puppet", source: "a", title: "A", operators: ["bob"])),
            .release(ReleaseSamples.release),
        ] as [ResourceSpec])
    func roundTrip(_ spec: ResourceSpec) throws {
        let stored = try JSONValue(parsing: spec.json.canonicalText)
        #expect(try ResourceSpec(kind: spec.kind, json: stored) == spec)
    }

    @Test("A stored spec says every value in force, so that a changed default is a changed spec")
    func stored() {
        let spec = ResourceSpec.databaseServer(DatabaseServerSpec(source: .connection(.environment("URI"))))
        #expect(
            spec.json.canonicalText
                == #"{"connection":{"environment":"URI"},"instance":"default","maxConcurrentDeploys":2,"#
                + #""readerRole":"registry_dev_role"}"#)
    }

    @Test("A stored spec of other rules is refused by name and path")
    func storedByOthers() {
        let error = #expect(throws: DiagnosticsError.self) {
            try ResourceSpec(kind: .forge, json: ["type": "svn"])
        }
        #expect(
            error?.description
                == "stored Forge: spec.type: \"svn\" is not known, expected local or gerrit or gitlab or github or gitee"
        )
    }

    @Test("Paths are watched from each changelog's first component when nothing else is said")
    func watchedPaths() {
        let changelogs = ["data-model/main.xml", "data-model/post.xml", "other/a/b.sql", "root.xml"]
            .map { ChangelogSpec(path: $0) }
        #expect(RegistrySpec.defaultWatchedPaths(of: changelogs) == ["data-model", "other", "root.xml"])
    }

    @Test("The JSON Schema of a kind names the same keys that are read", arguments: ResourceKind.allCases)
    func jsonSchema(_ kind: ResourceKind) throws {
        let spec = try #require(kind.jsonSchema["properties"]?["spec"])
        #expect(spec["additionalProperties"] == false)
        let properties = try #require(spec["properties"]?.object)
        for (key, property) in properties {
            #expect(property["description"]?.string?.hasSuffix(".") == true, "\(key) is described by a sentence")
        }
        for key in try #require(spec["required"]?.array).compactMap(\.string) {
            #expect(properties[key] != nil)
        }
        #expect(kind.jsonSchema["properties"]?["kind"] == ["const": .string(kind.rawValue)])
    }
}
