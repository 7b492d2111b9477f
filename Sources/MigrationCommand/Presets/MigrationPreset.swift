/// A migration tool that is known here: its usual arguments, the checks around it, and how its failures are read.
public enum MigrationPreset: String, Sendable, CaseIterable {
    /// Alembic, SQLAlchemy's migrations.
    case alembic

    /// Whether what it checks depends on what a merge would give.
    public var checksMerge: Bool {
        switch self {
        case .alembic: true
        }
    }

    /// The name of the program, unless the manifest names another.
    public var program: String { rawValue }
}

/// One start of the program.
struct MigrationStep: Sendable {
    /// Which content it is started on.
    enum Tree: String, Sendable { case content, merged }

    /// What it is given to reach.
    enum Reach: Sendable { case nothing, database }

    let arguments: [String]
    var tree = Tree.content
    var reach = Reach.database
    /// Says what is wrong with how it ended, given how the steps before it did; nil when nothing is.
    let judge: @Sendable (_ output: MigrationOutput, _ earlier: [MigrationOutput]) -> MigrationFailure?
}

extension MigrationRequest {
    /// What is started, in order; the first that fails ends it.
    var steps: [MigrationStep] {
        guard let preset else {
            return [MigrationStep(arguments: arguments ?? []) { output, _ in PlainReader.failure(output) }]
        }
        switch preset {
        case .alembic: return alembicSteps
        }
    }
}
