import Diagnostics
public import PostgresClient
import Sandbox

/// One migration that is to be run: what, on which content, into which database.
public struct MigrationRequest: Sendable {
    /// The program's name, as the operator knows it.
    public var program: String
    /// The arguments; nil for those of the preset.
    public var arguments: [String]?
    /// The tool that the program is, if it is one that is known here.
    public var preset: MigrationPreset?
    /// Variables that the program gets besides those of the database.
    public var environment: [String: String]
    /// The path of the program's own configuration file in the content: the program starts in its folder.
    public var root: String
    /// The content that is deployed.
    public var content: [MigrationFile]
    /// The content as it would be after a merge, for checks that are about that; nil when it is the same.
    public var merged: [MigrationFile]?
    /// How the program logs in to the database.
    public var database: PostgresConfiguration
    /// How long the program may run; someone else enforces it too, from outside of the database.
    public var deadline: Duration

    /// Makes a request.
    public init(
        program: String, arguments: [String]?, preset: MigrationPreset?, environment: [String: String] = [:],
        root: String, content: [MigrationFile], merged: [MigrationFile]? = nil, database: PostgresConfiguration,
        deadline: Duration
    ) {
        self.program = program
        self.arguments = arguments
        self.preset = preset
        self.environment = environment
        self.root = root
        self.content = content
        self.merged = merged
        self.database = database
        self.deadline = deadline
    }

    /// The folder of ``root``; empty for the top of the content.
    var folder: String { root.words(at: "/").dropLast().joined(separator: "/") }

    /// The last component of ``root``.
    var rootName: String { root.words(at: "/").last.map(String.init) ?? root }
}

/// A file of the content.
public struct MigrationFile: Hashable, Sendable {
    /// The path from the top of the content: relative, without `.` and `..`.
    public var path: String
    /// What it holds.
    public var bytes: [UInt8]
    /// Whether it may be executed.
    public var isExecutable: Bool

    /// Makes a file.
    public init(path: String, bytes: [UInt8], isExecutable: Bool = false) {
        self.path = path
        self.bytes = bytes
        self.isExecutable = isExecutable
    }
}

extension MigrationFile {
    /// The file as it is exported for the sandbox.
    var exported: SandboxFile { SandboxFile(path: path, bytes: bytes, isExecutable: isExecutable) }
}
