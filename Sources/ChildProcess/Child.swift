import Diagnostics

/// A child process that is described but not yet started: what to run and within which limits.
///
/// This module is the only way Sluice starts other programs. Arguments travel as an array and are never read by a
/// shell; the environment is exactly what is given here and nothing is inherited; the child leads a process group of
/// its own, and the whole group ends with it. The module knows nothing of git, PostgreSQL or any other program.
///
/// ## Topics
/// - ``run()`` starts it, waits, and returns what it printed.
/// - ``start(output:)`` starts it for an open-ended time; see ``RunningChild``.
public struct Child: Sendable {
    /// The program: an absolute path, or a bare name that is looked up in the `PATH` of ``environment``.
    public var executable: String
    /// The arguments after the program's name, handed over one by one.
    public var arguments: [String]
    /// The whole environment of the child. Nothing of our own environment is added.
    public var environment: [String: String]
    /// The directory the child starts in; nil for our own.
    public var workingDirectory: String?
    /// What the child reads on its standard input before it meets the end.
    public var input: [UInt8]
    /// The most bytes the child may print on its standard output, and again on its standard error.
    public var outputLimit: Int
    /// How long ``run()`` lets the child live.
    public var deadline: Duration
    /// How long the group may take to end itself after `SIGTERM` before it gets `SIGKILL`.
    public var terminationGrace: Duration
    /// What the kernel lets the child use; nil for no limits but our own.
    public var resources: Resources?
    /// What becomes of processes that the child has started and not waited for. When the child is stopped, the
    /// whole group is, whatever is said here.
    public var leftovers: Leftovers

    /// What becomes of processes that outlive the child that started them.
    public enum Leftovers: Hashable, Sendable {
        /// They are killed when the child ends.
        case killed
        /// They run on: hooks of a repository on this machine, for example, belong to that repository.
        case left
    }

    /// Describes a child process.
    public init(
        _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:],
        workingDirectory: String? = nil, input: [UInt8] = [], outputLimit: Int = 1 << 20,
        deadline: Duration = .seconds(60), terminationGrace: Duration = .seconds(2), resources: Resources? = nil,
        leftovers: Leftovers = .killed
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.input = input
        self.outputLimit = outputLimit
        self.deadline = deadline
        self.terminationGrace = terminationGrace
        self.resources = resources
        self.leftovers = leftovers
    }
}

extension Child: CustomStringConvertible, CustomReflectable {
    /// The program's name alone: arguments, environment and input may hold secrets.
    public var description: String { executable.words(at: "/").last.map(String.init) ?? executable }
    /// The program alone, for the same reason.
    public var customMirror: Mirror { Mirror(self, children: ["executable": executable]) }
}
