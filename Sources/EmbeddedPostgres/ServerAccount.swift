import ChildProcess
import Diagnostics
import Glibc

/// The account a server runs as: our own, or another when we are root, because PostgreSQL refuses to be root.
struct ServerAccount: Sendable, Hashable {
    let name: String
    let user: UInt32
    let group: UInt32
    /// Whether children must change to it and files must be given to it.
    let isForeign: Bool

    /// util-linux' program that changes the account and then becomes another program.
    private static let supervisor = "/usr/bin/setpriv"

    /// One of PostgreSQL's programs as a child that runs under the account.
    ///
    /// The account is changed by `setpriv` in the child's own program and not between fork and exec: glibc's `setuid`
    /// waits there for threads that exist in the parent only.
    ///
    /// - Parameter deathSignal: the signal the kernel sends the child when our process ends, however it ends.
    func child(
        _ program: String, _ arguments: [String], workingDirectory: String, deathSignal: DeathSignal? = nil,
        deadline: Duration = .seconds(60)
    ) throws -> Child {
        var child = Child(
            program, arguments, environment: ClusterDirectory.environment, workingDirectory: workingDirectory,
            deadline: deadline)
        guard access(Self.supervisor, X_OK) == 0 else {
            guard !isForeign else {
                throw SluiceError(
                    "embedded-postgres.setpriv-missing", .stalled, "the program setpriv is not installed",
                    hint: "apt-get install util-linux, or start sluice as an ordinary user")
            }
            return child
        }
        var options: [String] = []
        if isForeign { options += ["--reuid=\(user)", "--regid=\(group)", "--clear-groups"] }
        if let deathSignal { options += ["--pdeathsig", deathSignal.rawValue] }
        child.executable = Self.supervisor
        child.arguments = options + ["--", program] + arguments
        return child
    }

    /// How a server is told to end, in `setpriv`'s words.
    enum DeathSignal: String {
        /// PostgreSQL's fast shutdown: sessions are ended, everything committed is written.
        case fast = "INT"
        /// PostgreSQL's immediate shutdown: the next start recovers.
        case immediate = "QUIT"
    }

    static func resolve(_ name: String) throws -> ServerAccount {
        guard geteuid() == 0 else {
            return ServerAccount(name: "uid \(geteuid())", user: geteuid(), group: getegid(), isForeign: false)
        }
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 * 1024)
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil, entry.pw_uid != 0 else {
            throw SluiceError(
                "embedded-postgres.account-missing", .stalled,
                "PostgreSQL cannot run as root, and there is no account \"\(name)\" to run it as",
                hint: "install the postgresql package, which makes the account, or start sluice as an ordinary user")
        }
        return ServerAccount(name: name, user: entry.pw_uid, group: entry.pw_gid, isForeign: true)
    }

    /// Throws unless the account can reach `path` through every directory above it.
    func requireAccess(to path: String) throws {
        var directory = ""
        for component in path.words(at: "/").dropLast() {
            directory += "/\(component)"
            var status = stat()
            guard stat(directory, &status) == 0 else { continue }
            let bit: mode_t = status.st_uid == user ? S_IXUSR : status.st_gid == group ? S_IXGRP : S_IXOTH
            guard status.st_mode & bit != 0 else {
                throw SluiceError(
                    "embedded-postgres.directory-unreachable", .stalled,
                    "PostgreSQL runs as \(name) and cannot enter \(directory)",
                    hint: "put the data directory where \(name) can reach it, such as /var/lib/sluice")
            }
        }
    }
}
