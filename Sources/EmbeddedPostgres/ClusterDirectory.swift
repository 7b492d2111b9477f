import ChildProcess
import Diagnostics
import Foundation
import Glibc

/// Makes and keeps the files of a private cluster.
struct ClusterDirectory: Sendable {
    let layout: ClusterLayout
    let account: ServerAccount

    /// The name of the administrator.
    static let administrator = "sluice"

    /// Makes the directories that are missing, private to the account.
    func prepare() throws {
        try account.requireAccess(to: layout.root)
        try makePrivateDirectory(layout.root)
    }

    /// Makes the directories inside; only the process that holds the lock may do so.
    func prepareInside() throws {
        try? FileManager.default.removeItem(atPath: layout.socketDirectory)
        try? FileManager.default.removeItem(atPath: layout.startupLog)
        try makePrivateDirectory(layout.socketDirectory)
        try makePrivateDirectory(layout.logDirectory)
    }

    /// The major version of the cluster; nil when there is none yet.
    func clusterVersion() throws -> Int? {
        guard let text = try? String(contentsOfFile: layout.versionFile, encoding: .utf8) else { return nil }
        var status = stat()
        guard stat(layout.cluster, &status) == 0, status.st_uid == account.user else {
            throw SluiceError(
                "embedded-postgres.wrong-owner", .stalled,
                "the cluster in \(layout.root) belongs to another account than \(account.name)",
                hint: "start sluice as the user that made it, or choose another data directory")
        }
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// The administrator's password: made with a new cluster, read with an old one.
    func password(isNew: Bool) throws -> Secret<String> {
        if !isNew {
            guard let text = try? String(contentsOfFile: layout.passwordFile, encoding: .utf8), !text.isEmpty else {
                throw SluiceError(
                    "embedded-postgres.password-missing", .stalled,
                    "the password file of the cluster in \(layout.root) is missing",
                    hint: "restore \(layout.passwordFile), or remove the directory to begin with an empty cluster")
            }
            return Secret(text.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        var generator = SystemRandomNumberGenerator()
        let words = (0..<4).map { _ in String(generator.next() as UInt64, radix: 36) }
        let password = words.joined()
        unlink(layout.passwordFile)
        let created = FileManager.default.createFile(
            atPath: layout.passwordFile, contents: Data(password.utf8), attributes: [.posixPermissions: 0o600])
        guard created else { throw unusable(layout.passwordFile) }
        try give(layout.passwordFile)
        return Secret(password)
    }

    /// Makes the cluster. It is made beside and renamed into place, so that one half made is never taken for whole.
    func initialise(_ binaries: PostgresBinaries, durability: EmbeddedPostgresConfiguration.Durability) async throws {
        try? FileManager.default.removeItem(atPath: layout.clusterInTheMaking)
        var arguments = [
            "--pgdata=\(layout.clusterInTheMaking)", "--username=\(Self.administrator)",
            "--pwfile=\(layout.passwordFile)", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8",
            "--no-instructions",
        ]
        arguments.append(durability == .disposable ? "--no-sync" : "--data-checksums")
        let initdb = try account.child(
            binaries.initdb, arguments, workingDirectory: layout.root, deathSignal: .immediate, deadline: .seconds(120))
        let result = try await initdb.run()
        guard result.status.isSuccess else {
            throw SluiceError(
                "embedded-postgres.not-initialised", .stalled, "initdb failed with \(result.status)",
                detail: result.errorText)
        }
        guard rename(layout.clusterInTheMaking, layout.cluster) == 0 else { throw unusable(layout.cluster) }
    }

    /// The whole environment of PostgreSQL's programs.
    static let environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"]

    private func makePrivateDirectory(_ path: String) throws {
        let manager = FileManager.default
        var isDirectory = ObjCBool(false)
        if manager.fileExists(atPath: path, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else { throw unusable(path) }
            return
        }
        let parent = (path as NSString).deletingLastPathComponent
        try? manager.createDirectory(atPath: parent, withIntermediateDirectories: true)
        guard mkdir(path, 0o700) == 0 else { throw unusable(path) }
        try give(path)
    }

    private func give(_ path: String) throws {
        guard account.isForeign else { return }
        guard lchown(path, account.user, account.group) == 0 else { throw unusable(path) }
    }

    private func unusable(_ path: String) -> SluiceError {
        SluiceError(
            "embedded-postgres.directory-unusable", .stalled, "the data directory \(layout.root) cannot be used",
            detail: "\(path): \(String(cString: strerror(errno)))")
    }
}
