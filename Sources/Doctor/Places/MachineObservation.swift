public import Diagnostics

/// The controller's machine.
public struct MachineObservation: Sendable, Hashable {
    /// A program of the machine.
    public struct Program: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its version; nil when it is not there.
        public var version: String?
        /// What is not done without it; nil for one that nothing goes without.
        public var isFor: String?

        /// Makes a program.
        public init(name: String, version: String?, isFor: String? = nil) {
            self.name = name
            self.version = version
            self.isFor = isFor
        }
    }

    /// The data directory.
    public var directory: String
    /// How many bytes are free in its file system, for an account that is not root.
    public var freeBytes: Int64?
    /// How many bytes it has.
    public var allBytes: Int64?
    /// How many files can still be made; nil where their number is not limited.
    public var freeFiles: Int64?
    /// git, and the programs that checks use.
    public var programs: [Program]

    /// Makes an observation.
    public init(
        directory: String, freeBytes: Int64?, allBytes: Int64?, freeFiles: Int64? = nil, programs: [Program] = []
    ) {
        self.directory = directory
        self.freeBytes = freeBytes
        self.allBytes = allBytes
        self.freeFiles = freeFiles
        self.programs = programs
    }

    /// The oldest git whose options are all known.
    static let oldestGit = [2, 30]

    /// What is found of one that does not answer: a file system hangs, say.
    public static func findings(without answer: SluiceError, of directory: String) -> [Finding] {
        [
            .failed(
                "machine.disk", "the machine does not answer: \(answer.message)",
                fix: "see that the file system of \(directory) answers: stat --file-system \(directory)")
        ]
    }

    /// What is found of it.
    public var findings: [Finding] { [disk] + programs.map(Self.finding) }

    private var disk: Finding {
        let check = "machine.disk"
        guard let freeBytes, let allBytes, allBytes > 0 else {
            return .failed(
                check, "the free space of \(directory) cannot be read",
                fix: "see that it is there and can be read: stat --file-system \(directory)")
        }
        let free = "\(Amount.text(bytes: freeBytes)) are free in \(directory)"
        let fix = "make room, or move --data-dir; what can be forgotten: sluice history prune"
        if let freeFiles, freeFiles < 10_000 {
            return .failed(check, "\(freeFiles) more files can be made in \(directory)", fix: fix)
        }
        if freeBytes < 512 << 20 { return .failed(check, free, fix: fix) }
        if freeBytes < 2 << 30 || freeBytes < allBytes / 20 { return .warning(check, free, fix: fix) }
        return .ok(check, free)
    }

    private static func finding(_ program: Program) -> Finding {
        let check = "machine.\(program.name)"
        guard let version = program.version else {
            guard let purpose = program.isFor else {
                return .failed(check, "\(program.name) is not there", fix: "apt install \(program.name)")
            }
            return .notChecked(
                check, "\(program.name) is not there: \(purpose)", fix: "apt install \(program.name)")
        }
        guard program.name == "git" else { return .ok(check, "version \(version)") }
        let numbers = version.words(at: ".").prefix(2).compactMap { Int($0) }
        guard !numbers.lexicographicallyPrecedes(oldestGit) else {
            return .failed(
                check, "git \(version) is too old",
                fix: "upgrade to \(oldestGit.map(String.init).joined(separator: ".")) or later")
        }
        return .ok(check, "version \(version)")
    }
}
