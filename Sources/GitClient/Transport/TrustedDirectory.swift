import Diagnostics
import Glibc

/// A git configuration that lets git serve a directory of this machine that belongs to another account.
///
/// Git refuses such repositories unless its global configuration, and no other, says otherwise, because their own
/// configuration might run commands for whoever looks at them. Here the operator has named the directory. The file is
/// removed with the child.
struct TrustedDirectory {
    /// The file for `GIT_CONFIG_GLOBAL`.
    let configurationFile: String

    /// Makes the configuration; nil for a remote that is no directory.
    init?(_ remote: GitRemote) throws {
        guard remote.scheme == .file else { return nil }
        var template = Array("/tmp/sluice-git-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw TrustedDirectory.failure() }
        defer { close(descriptor) }
        configurationFile = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let text = Array("[safe]\n\tdirectory = *\n".utf8)
        guard write(descriptor, text, text.count) == text.count else {
            remove()
            throw TrustedDirectory.failure()
        }
    }

    /// Removes the file.
    func remove() { unlink(configurationFile) }

    private static func failure() -> SluiceError {
        SluiceError(
            "git.not-started", .transient, "a temporary file for git could not be written",
            detail: String(cString: strerror(errno)))
    }
}
