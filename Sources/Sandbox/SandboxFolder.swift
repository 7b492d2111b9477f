import Diagnostics
import Foundation
import Glibc
import ThreadExecution

/// The folder of one run, which nobody else can enter: the content as files, and what else the sandbox shows. Content may be large
/// and a disk slow, so the folder has a thread of its own.
package actor SandboxFolder {
    nonisolated let path: String
    private let executor = ThreadExecutor(name: "sandbox folder")

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Names the folder; nothing is made yet.
    init(path: String) { self.path = path }

    deinit { executor.stop() }

    /// Where a tree of files is, by the name that it was written under.
    package nonisolated func directory(of tree: String) -> String { "\(path)/\(tree)" }

    /// Where the lists of accounts are that the program sees.
    package nonisolated var accounts: String { "\(path)/accounts" }

    /// Makes the folder, and the workspace that it is in when that is missing.
    func make(in workspace: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: workspace, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw SandboxWorkspace.unusable("\(workspace): \(error)")
        }
        guard mkdir(path, 0o700) == 0 else { throw failure() }
    }

    /// Writes a tree of files. They can be read by any account, and the folder around them entered by none but ours.
    ///
    /// - Parameter tree: A name for it, ours and not the content's.
    /// - Throws: `sandbox.path-invalid`, stalled; `sandbox.workspace-unusable`, transient.
    package func write(_ files: [SandboxFile], as tree: String) throws {
        let top = directory(of: tree)
        // By bytes, as the file system has it: what looks the same may be two directories.
        var made: Set<[UInt8]> = []
        try make(top, &made)
        for file in files {
            try Task.checkCancellation()
            let parts = file.path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            guard parts.allSatisfy({ !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }),
                !file.path.utf8.contains(0)
            else { throw invalid(file.path, "a file of the content has a path that leads elsewhere") }
            do {
                var directory = top
                for part in parts.dropLast() {
                    directory += "/\(Substring(part))"
                    try make(directory, &made)
                }
                try write(file.bytes, to: "\(top)/\(file.path)", mode: file.isExecutable ? 0o755 : 0o644)
            } catch let refusal as Refusal {
                // These come again however often it is tried.
                guard [ENAMETOOLONG, EEXIST, ENOTDIR, EISDIR, EILSEQ, EINVAL].contains(refusal.code) else {
                    throw refusal
                }
                throw invalid(
                    file.path, "the file system cannot hold a file of the content",
                    because: String(cString: strerror(refusal.code)))
            }
        }
    }

    /// Writes lists of accounts that have the program's own and no other.
    package func writeAccounts(_ account: UInt32) throws {
        var made: Set<[UInt8]> = []
        try make(accounts, &made)
        try write(
            Array("sandbox:x:\(account):\(account)::/tmp:/usr/sbin/nologin\n".utf8), to: "\(accounts)/passwd",
            mode: 0o644)
        try write(Array("sandbox:x:\(account):\n".utf8), to: "\(accounts)/group", mode: 0o644)
    }

    /// Removes the folder and all in it.
    func remove() { try? FileManager.default.removeItem(atPath: path) }

    private func make(_ directory: String, _ made: inout Set<[UInt8]>) throws {
        guard made.insert(Array(directory.utf8)).inserted else { return }
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

    /// What the system refuses; a transient error, unless the content itself is to blame.
    private struct Refusal: SluiceErrorConvertible {
        let code: Int32
        let path: String

        var sluiceError: SluiceError { SandboxWorkspace.unusable("\(path): \(String(cString: strerror(code)))") }
    }

    private func failure() -> Refusal { Refusal(code: errno, path: path) }

    private func invalid(_ file: String, _ message: String, because reason: String? = nil) -> SluiceError {
        SluiceError(
            "sandbox.path-invalid", .stalled, message,
            hint: reason == nil ? nil : "give it a shorter name, and one that no other file has",
            detail: [file.debugDescription, reason].compactMap(\.self).joined(separator: ": "))
    }
}
