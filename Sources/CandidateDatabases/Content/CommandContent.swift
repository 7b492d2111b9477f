import Changelog
import ChangelogLint
import CommittedChangelog
import DesiredState
import Diagnostics
import GitClient
import MigrationCommand
import PostgresClient

/// Content that a team's own migration program deploys, in its sandbox.
struct CommandContent: DeployableContent {
    private let programs: MigrationPrograms
    private let command: MigrationCommandSpec
    private let path: String
    private let files: [MigrationFile]
    private let merged: [MigrationFile]?
    private let deadline: Duration

    init(
        _ path: String, _ command: MigrationCommandSpec, of registry: GateRegistry, _ content: CommitContent
    ) throws {
        programs = registry.migrations
        self.command = command
        self.path = path
        files = try content.source.migrationFiles
        merged = try content.merged.map { try $0.migrationFiles }
        // The watch over the deploy ends it first; this is for a watch that cannot see.
        deadline = registry.spec.limits.deadline + .seconds(60)
    }

    func lintable(since base: CommitContent) -> (changelog: PreparedChangelog, base: PreparedChangelog?)? { nil }

    /// The program is shown the merge, where its preset has a question about it.
    func merge(into target: CommitContent, since base: CommitContent) -> ChangelogMerge? { nil }

    func deploy(as login: PostgresConfiguration, noting attempts: DeployAttempts) async throws -> Int {
        do {
            try await programs.run(
                MigrationRequest(
                    program: command.program, arguments: command.arguments.map { Array($0.dropFirst()) },
                    preset: command.preset.map(MigrationPreset.init), environment: command.environment, root: path,
                    content: files, merged: merged, database: login, deadline: deadline))
            return 0
        } catch let error as SluiceError where error.code == MigrationPrograms.interrupted {
            throw DeployInterruption.judge(error)
        }
    }
}

extension MigrationPreset {
    init(_ preset: MigrationCommandSpec.Preset) {
        switch preset {
        case .alembic: self = .alembic
        }
    }
}

extension RegistrySpec {
    /// Whether a verdict depends on what a merge with the target branch would give.
    var checksMerge: Bool {
        changelogs.contains { $0.command?.preset.map { MigrationPreset($0).checksMerge } ?? false }
    }
}

extension RegistrySpec {
    /// Whether any changelog is counted in changesets.
    var countsChangeSets: Bool { changelogs.contains { $0.engine == .liquibase } }
}

extension GateRegistry {
    /// Why the registry's content cannot be deployed until the operator does something; nil when it can.
    var migrationRefusal: SluiceError? {
        let commands = spec.changelogs.compactMap(\.command)
        return commands.lazy.compactMap { migrations.refusal(of: $0.program) }.first
            ?? (commands.isEmpty ? nil : migrations.refusal(reaching: server.pool.configuration))
    }
}

extension CommitSource {
    /// The files as they are exported. A link would lead elsewhere on another machine.
    fileprivate var migrationFiles: [MigrationFile] {
        get throws {
            try all.map { file in
                guard file.mode == .regular || file.mode == .executable else {
                    throw SluiceError(
                        "migration.not-a-file", .stalled, "\(file.path) is a symbolic link or a submodule",
                        hint: "put the file itself there: links are not followed", at: SourceLocation(file: file.path))
                }
                return MigrationFile(path: file.path, bytes: file.bytes, isExecutable: file.mode == .executable)
            }
        }
    }
}
