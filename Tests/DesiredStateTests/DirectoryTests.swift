import DesiredState
import Diagnostics
import Foundation
import Testing

@Suite struct DirectoryTests {
    /// A directory with files, gone when the test is over.
    private func withDirectory(_ files: [String: String], _ body: (URL) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "desired-state-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for (path, text) in files {
            let file = directory.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try body(directory)
    }

    @Test("A directory is read with its folders; hidden files and other kinds of files are passed over")
    func folders() throws {
        let files = [
            "forge.yaml": Sample.forge, "servers/main.yml": Sample.server, "registries/a/land.yaml": Sample.registry(),
            "README.md": "# not YAML: [", ".hidden.yaml": "[", ".git/config.yaml": "[",
        ]
        try withDirectory(files) { directory in
            let state = try DesiredStateReader().read(directory: directory.path)
            #expect(state.resources.map(\.key.description) == ["DatabaseServer/main", "Forge/local", "Registry/land"])
            #expect(state.registries.first?.location.file == "registries/a/land.yaml")
            #expect(state.warnings == [])
        }
    }

    @Test("A directory is read as a whole or not at all")
    func whole() throws {
        try withDirectory(["forge.yaml": Sample.forge, "z.yaml": "a: ["]) { directory in
            let error = #expect(throws: DiagnosticsError.self) {
                try DesiredStateReader().read(directory: directory.path)
            }
            #expect(error?.diagnostics.map(\.location.file) == ["z.yaml"])
        }
    }

    @Test("Symbolic links are not followed, and that is told")
    func links() throws {
        try withDirectory(["forge.yaml": Sample.forge]) { directory in
            let files = FileManager.default
            try files.createSymbolicLink(
                at: directory.appending(path: "passwd.yaml"), withDestinationURL: URL(filePath: "/etc/passwd"))
            try files.createSymbolicLink(at: directory.appending(path: "loop"), withDestinationURL: directory)
            let state = try DesiredStateReader().read(directory: directory.path)
            #expect(state.resources.count == 1)
            #expect(
                state.warnings.map(\.description) == [
                    "loop: warning: a symbolic link is not followed",
                    "passwd.yaml: warning: a symbolic link is not followed",
                ])
        }
    }

    @Test("A pipe in place of a file is not read")
    func pipe() throws {
        try withDirectory([:]) { directory in
            #expect(mkfifo(directory.appending(path: "a.yaml").path, 0o600) == 0)
            let state = try DesiredStateReader().read(directory: directory.path)
            #expect(state.warnings.map(\.description) == ["a.yaml: warning: what is no regular file is not read"])
        }
    }

    @Test("A directory that is not there is an error, not an empty desired state")
    func missing() throws {
        let error = #expect(throws: SluiceError.self) {
            try DesiredStateReader().read(directory: "/nonexistent/desired-state")
        }
        #expect(error?.code == "file.unreadable")
    }

    @Test("Too many files, too large ones and too deep folders are refused")
    func limits() throws {
        try withDirectory(["a.yaml": "", "b/c/d.yaml": "", "e.yaml": "# long"]) { directory in
            func read(_ limits: ReadingLimits) throws -> DesiredState {
                try DesiredStateReader(limits: limits).read(directory: directory.path)
            }
            #expect(throws: SluiceError.self) { try read(ReadingLimits(files: 2)) }
            #expect(throws: DiagnosticsError.self) { try read(ReadingLimits(fileSize: 5)) }
            #expect(throws: DiagnosticsError.self) { try read(ReadingLimits(directoryDepth: 1)) }
            #expect(throws: Never.self) { try read(ReadingLimits(fileSize: 6, files: 3, directoryDepth: 2)) }
        }
    }

    @Test("The example of Alembic stands beside the sample manifests")
    func example() throws {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        let files = try ["manifests/forge.yaml", "manifests/database-server.yaml", "examples/alembic/registry.yaml"].map
        {
            DesiredStateFile(path: $0, bytes: Array(try Data(contentsOf: root.appending(path: $0))))
        }
        let state = try DesiredStateReader().read(files: files)
        let command = MigrationCommandSpec(preset: .alembic, environment: ["PYTHONPATH": "."])
        #expect(state.registries.first?.spec.changelogs == [ChangelogSpec(path: "db/alembic.ini", command: command)])
    }

    @Test("The sample manifests are read, and say what the kinds say by default")
    func samples() throws {
        let manifests = URL(filePath: #filePath).appending(path: "../../../manifests").standardizedFileURL
        let state = try DesiredStateReader().read(directory: manifests.path)
        #expect(
            state.resources.map(\.key.description) == [
                "ControlRepository/puppet", "DatabaseServer/main", "DatabaseServer/shared", "Forge/gerrit",
                "Forge/gitee", "Forge/github", "Forge/gitlab", "Forge/local", "NotificationChannel/operations",
                "Registry/land-registry", "Registry/water", "Release/edge-2026-02", "Upstream/tool",
            ])
        #expect(
            state.upstreams.first?.spec
                == UpstreamSpec(
                    source: UpstreamSource(place: .url("https://git.example.org/tool.git"), branch: "main"),
                    package: TrackedPackage(forge: "local", project: "packages/tool", branch: "master"),
                    suspension: Suspension()))
        #expect(
            state.controlRepositories.first?.spec
                == ControlRepositorySpec(
                    forge: "local", project: "puppet/control", stages: ["uat", "production"],
                    zones: ZoneSelection(patterns: ["zone*"])))
        let rules = [
            NoticeRule(
                kinds: ["Release"], names: ["edge-*"], reasons: ["Promoted", "TakenBack", "MergeRefused"]), .warnings,
        ]
        #expect(
            state.notificationChannels.first?.spec
                == NotificationChannelSpec(
                    .wecom(RobotSpec(url: .file("/etc/sluice/secrets/wecom-robot"))), rules: rules,
                    suspension: Suspension()))
        #expect(state.releases.first?.spec.window?.length == .seconds(3 * 3600))
        let registry = try #require(state.registries.first?.spec)
        let changelogs = [
            ChangelogSpec(
                path: "data-model/main-liquibase.xml", contexts: ["all", "pub", "code-review"], labels: "!citus",
                parameters: ["dbname": "registry", "reg_version": "1.0.0"])
        ]
        #expect(
            registry
                == RegistrySpec(
                    forge: "local", project: "land-registry", server: "main", changelogs: changelogs,
                    database: DatabaseLayout(defaultSchema: "registry", searchPath: ["registry", "public"])),
            "the comments call the other values defaults")
        #expect(state.databaseServers.first?.spec == DatabaseServerSpec(source: .embedded))
    }
}
