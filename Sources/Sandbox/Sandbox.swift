package import ChildProcess
import Diagnostics

/// Composes the child process in which somebody else's program, or a program on somebody else's files, runs: pure, so that
/// what confines it can be read and tested.
///
/// This room knows what a sandbox is made of, and exports files for it. It must not know what is run in it, or why.
package struct Sandbox: Hashable, Sendable {
    /// What keeps a program from everything but its work.
    package enum Confinement: String, Sendable, CaseIterable {
        /// `bwrap` of Debian's package bubblewrap: namespaces and a file system of its own.
        case bubblewrap
        /// Limits of the kernel and a closed environment, and nothing more.
        case none
    }

    /// What a confined program reaches over the network.
    package enum Network: String, Sendable, CaseIterable {
        /// Nothing.
        case none
        /// Everything that the controller reaches.
        case shared
    }

    /// What confines it.
    let confinement: Confinement
    /// What it reaches when it asks for the network.
    let network: Network
    /// Directories that it may read besides the system's.
    let readable: [String]
    /// Whether the controller is root: then the program gets an account of its own.
    let isRoot: Bool
    /// The account's number inside; of the machine, too, when the controller is root.
    package let account: UInt32

    package init(
        confinement: Confinement, network: Network, readable: [String], isRoot: Bool, account: UInt32
    ) {
        self.confinement = confinement
        self.network = network
        self.readable = readable
        self.isRoot = isRoot
        self.account = account
    }

    /// A number for an account: one that systemd keeps for services without one of their own, so that no file belongs to
    /// it; another one for each run, so that runs cannot touch each other.
    package static func anyAccount() -> UInt32 { UInt32.random(in: 61_184...65_519) }

    /// Where the content is seen inside.
    package static let contentDirectory = "/work"
    /// Where a socket is seen inside.
    package static let socketDirectory = "/run/postgresql"
    /// Where the controller looks for the programs below, and the sandboxed program for its own.
    static let searchPath = "/usr/local/bin:/usr/bin:/bin"

    /// What is run.
    package struct Command: Hashable, Sendable {
        /// The absolute path of the executable.
        package var program: String
        /// Its arguments.
        package var arguments: [String]
        /// The environment, besides what any program expects.
        package var environment: [String: String]
        /// The content on this machine.
        package var content: String
        /// The folder of the content to start in; empty for its top.
        package var folder: String
        /// The folder on this machine that has `passwd` and `group` for the inside.
        package var accounts: String
        /// A socket of this machine to be seen inside.
        package var socket: String?
        /// Single files to be seen inside at their own paths, such as certificates.
        package var files: [String]
        /// Whether it gets the network, where that is shared.
        package var usesNetwork: Bool
        /// How long it may run.
        package var deadline: Duration

        package init(
            program: String, arguments: [String], environment: [String: String] = [:], content: String,
            folder: String = "", accounts: String, socket: String? = nil, files: [String] = [],
            usesNetwork: Bool = false, deadline: Duration
        ) {
            self.program = program
            self.arguments = arguments
            self.environment = environment
            self.content = content
            self.folder = folder
            self.accounts = accounts
            self.socket = socket
            self.files = files
            self.usesNetwork = usesNetwork
            self.deadline = deadline
        }
    }

    /// The most that one process may use, and how many there may be. Memory is limited for each process: what all may use
    /// together only the operator can limit, for the controller as a whole.
    static let resources = Child.Resources(
        fileSize: 256 << 20, addressSpace: 4 << 30, processes: 128, openFiles: 1024)
    /// The most bytes a program may print.
    package static let outputLimit = 4 << 20
    /// What may be written inside, in memory: for `/tmp`, and for what processes share.
    private static let scratch = (temporary: 256 << 20, shared: 64 << 20)

    /// The child for a command.
    package func child(_ command: Command) -> Child {
        switch confinement {
        case .bubblewrap: confined(command)
        case .none: limited(command)
        }
    }

    /// In namespaces of its own: no process, file or name of the machine is there but those named here.
    ///
    /// The environment is handed on by inheritance, never as an argument that others could read.
    private func confined(_ command: Command) -> Child {
        var options = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
        options += ["--die-with-parent", "--new-session", "--hostname", "sandbox"]
        if !(command.usesNetwork && network == .shared) { options.append("--unshare-net") }
        options += isRoot ? Self.rootOptions : ["--unshare-user", "--disable-userns"] + identity
        options += mounts(command) + ["--remount-ro", "/", "--chdir", workingDirectory(command), "--"]
        if isRoot { options += leavingRoot }
        options += ["/usr/bin/prlimit"] + resources(command).options
        // The kernel's first choice when memory runs out.
        options += ["/usr/bin/choom", "-n", "1000", "--", command.program]
        return Child(
            "/usr/bin/bwrap", options + command.arguments, environment: environment(command), workingDirectory: "/",
            outputLimit: Self.outputLimit, deadline: command.deadline)
    }

    /// With no file system of its own: all that is left is what every process can give up.
    private func limited(_ command: Command) -> Child {
        var limits = resources(command)
        // The limit counts every process of the account, the controller's own among them.
        limits.processes = 4096
        let options = limits.options + ["/usr/bin/setpriv", "--no-new-privs", "--pdeathsig", "KILL", "--"]
        let folder = command.folder.isEmpty ? command.content : "\(command.content)/\(command.folder)"
        return Child(
            "/usr/bin/prlimit", options + [command.program] + command.arguments, environment: environment(command),
            workingDirectory: folder, outputLimit: Self.outputLimit, deadline: command.deadline)
    }

    /// Root keeps what it needs to become the program's account, and nothing else.
    private static let rootOptions =
        ["--cap-drop", "ALL"] + ["SETUID", "SETGID", "SETPCAP"].flatMap { ["--cap-add", "CAP_\($0)"] }

    private var identity: [String] { ["--uid", "\(account)", "--gid", "\(account)"] }

    private var leavingRoot: [String] {
        [
            "/usr/bin/setpriv", "--reuid=\(account)", "--regid=\(account)", "--clear-groups", "--inh-caps=-all",
            "--bounding-set=-all", "--no-new-privs", "--",
        ]
    }

    private func mounts(_ command: Command) -> [String] {
        var options =
            Self.visibleDirectories.flatMap { ["--ro-bind-try", $0, $0] } + Self.folders(above: "/etc/passwd")
        options += (Self.systemFiles + (network == .shared ? Self.networkFiles : [])).flatMap {
            ["--ro-bind-try", $0, $0]
        }
        options += ["passwd", "group"].flatMap { ["--ro-bind", "\(command.accounts)/\($0)", "/etc/\($0)"] }
        options += ["--proc", "/proc", "--dev", "/dev"]
        options += [
            "--size", "\(Self.scratch.shared)", "--perms", "1777", "--tmpfs", "/dev/shm", "--remount-ro", "/dev",
        ]
        options += ["--size", "\(Self.scratch.temporary)", "--perms", "1777", "--tmpfs", "/tmp"]
        options += (readable + command.files).flatMap { Self.folders(above: $0) + ["--ro-bind", $0, $0] }
        options += ["--ro-bind", command.content, Self.contentDirectory]
        if let socket = command.socket, let name = socket.words(at: "/").last {
            let place = "\(Self.socketDirectory)/\(name)"
            options += Self.folders(above: place) + ["--ro-bind", socket, place]
        }
        return options
    }

    /// What of the system is seen inside, whatever the operator says.
    package static let visibleDirectories = ["/usr", "/bin", "/sbin", "/lib", "/lib64"]
    /// The folders above a path, open to every account: those that `bwrap` makes for a file by itself are not.
    private static func folders(above path: String) -> [String] {
        var folder = ""
        return path.words(at: "/").dropLast().flatMap { part in
            folder += "/\(part)"
            return ["--perms", "0755", "--dir", folder]
        }
    }

    private static let systemFiles = [
        "/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime",
        "/etc/nsswitch.conf", "/etc/ssl/certs", "/etc/ssl/openssl.cnf",
    ]
    private static let networkFiles = ["/etc/resolv.conf", "/etc/hosts", "/etc/services", "/etc/gai.conf"]

    private func workingDirectory(_ command: Command) -> String {
        command.folder.isEmpty ? Self.contentDirectory : "\(Self.contentDirectory)/\(command.folder)"
    }

    /// What programs expect of any environment; nothing is inherited.
    private func environment(_ command: Command) -> [String: String] {
        let usual = [
            "PATH": Self.searchPath, "HOME": "/tmp", "TMPDIR": "/tmp", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
        ]
        return usual.merging(command.environment) { _, own in own }
    }

    private func resources(_ command: Command) -> Child.Resources {
        var limits = Self.resources
        limits.processorTime = Int(clamping: command.deadline.components.seconds) + 1
        return limits
    }
}
