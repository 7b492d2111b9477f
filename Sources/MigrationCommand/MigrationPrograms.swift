public import Diagnostics

/// The operator's word on migration programs: which may be run on candidates' content, and how they are confined.
///
/// A team that does not write changelogs brings a program of its own: Alembic, Flyway, Django. Running it means running
/// whatever the author of a candidate wrote, so a manifest alone cannot bring it about: the operator names the programs
/// when the controller is started. This module runs them in a sandbox on content that is exported for the purpose, hands
/// them the database by environment variables, and reads what they say. It knows nothing of git, candidates or servers'
/// administration.
///
/// ## Topics
/// - ``check()`` at the controller's start; ``refusal(of:)`` before anything is deployed.
/// - ``run(_:)`` runs one migration.
public struct MigrationPrograms: Sendable {
    /// What keeps a program from everything but its work.
    public enum Confinement: String, Sendable, CaseIterable {
        /// `bwrap` of Debian's package bubblewrap: namespaces and a file system of its own.
        case bubblewrap
        /// Limits of the kernel and a closed environment, and nothing more: for authors who are trusted with all that the
        /// controller may read.
        case none
    }

    /// What a confined program reaches over the network.
    public enum Network: String, Sendable, CaseIterable {
        /// Nothing: the database is reached by its Unix socket.
        case none
        /// Everything that the controller reaches.
        case shared
    }

    /// The programs that may be run: a name for manifests, and the absolute path of the executable.
    public var programs: [String: String]
    /// How programs are confined.
    public var confinement: Confinement
    /// What programs reach over the network.
    public var network: Network
    /// Directories that programs may read besides the system's own, such as that of a Python environment.
    public var readable: [String]
    /// The private directory that content is exported to, one folder a run.
    public var directory: String

    /// Makes the operator's word.
    public init(
        programs: [String: String], confinement: Confinement = .bubblewrap, network: Network = .none,
        readable: [String] = [], directory: String
    ) {
        self.programs = programs
        self.confinement = confinement
        self.network = network
        self.readable = readable
        self.directory = directory
    }

    /// The code of the error for a run that broke off as if the server were at fault.
    public static let interrupted: SluiceError.Code = "migration.interrupted"

    /// No program may be run: what holds unless the operator says something.
    public static let noneAllowed = MigrationPrograms(programs: [:], directory: "/nonexistent")
}

extension MigrationPrograms {
    /// Why a program may not be run here; nil when it may.
    ///
    /// - Parameter name: The program as a manifest names it.
    public func refusal(of name: String) -> SluiceError? {
        guard programs[name] == nil else { return nil }
        let known =
            programs.isEmpty ? "no program is allowed" : "allowed: \(programs.keys.sorted().joined(separator: ", "))"
        return SluiceError(
            "migration.not-allowed", .stalled,
            "the migration program \(TextScrubber(limit: 100).scrub(name)) may not be run by this controller; \(known)",
            hint: "the operator allows it by: sluice serve --allow-migration-command \(name)=/path/to/the/program")
    }
}
