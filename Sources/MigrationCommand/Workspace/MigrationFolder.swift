import Diagnostics
import Foundation
import Glibc

/// The folder of one run, which nobody else can enter: the content as files, and what else the sandbox shows.
struct MigrationFolder: Sendable {
    let path: String

    /// What of the content is where.
    func directory(of tree: MigrationStep.Tree) -> String {
        switch tree {
        case .content: "\(path)/content"
        case .merged: "\(path)/merged"
        }
    }

    /// Where the lists of accounts are that the program sees.
    var accounts: String { "\(path)/accounts" }

    /// Writes the files of a tree. They can be read by any account, and the folder around them entered by none but ours.
    func write(_ files: [MigrationFile], as tree: MigrationStep.Tree) throws {
        let top = directory(of: tree)
        var made: Set<String> = []
        try make(top, &made)
        for file in files {
            try Task.checkCancellation()
            let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
            guard !parts.isEmpty, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }),
                !file.path.utf8.contains(0)
            else {
                throw SluiceError(
                    "migration.path-invalid", .stalled, "a file of the content has a path that leads elsewhere",
                    detail: file.path.debugDescription)
            }
            var directory = top
            for part in parts.dropLast() {
                directory += "/\(part)"
                try make(directory, &made)
            }
            try write(file.bytes, to: "\(top)/\(file.path)", mode: file.isExecutable ? 0o755 : 0o644)
        }
    }

    /// Writes lists of accounts that have the program's own and no other.
    func writeAccounts(_ account: UInt32) throws {
        var made: Set<String> = []
        try make(accounts, &made)
        try write(
            Array("migration:x:\(account):\(account)::/tmp:/usr/sbin/nologin\n".utf8), to: "\(accounts)/passwd",
            mode: 0o644)
        try write(Array("migration:x:\(account):\n".utf8), to: "\(accounts)/group", mode: 0o644)
    }

    /// Removes the folder and all in it.
    func remove() { try? FileManager.default.removeItem(atPath: path) }

    private func make(_ directory: String, _ made: inout Set<String>) throws {
        guard made.insert(directory).inserted else { return }
        guard mkdir(directory, 0o755) == 0, chmod(directory, 0o755) == 0 else { throw failure() }
    }

    /// Makes a new file: nothing that is there already is opened or followed.
    private func write(_ bytes: [UInt8], to file: String, mode: mode_t) throws {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        guard fchmod(descriptor, mode) == 0 else { throw failure() }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else {
                if written < 0, errno == EINTR { continue }
                throw failure()
            }
            rest = rest.dropFirst(written)
        }
    }

    private func failure() -> SluiceError {
        let reason = String(cString: strerror(errno))
        return SluiceError(
            "migration.workspace-unusable", .transient, "content could not be exported for a migration program",
            hint: "is the disk of the data directory full?", detail: "\(path): \(reason)")
    }
}
