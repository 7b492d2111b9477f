import CLibgit2
import CLibgit2Shim
import Diagnostics

/// The library's start and the translation of its errors.
enum Libgit2 {
    /// libgit2's status of its own start: 0, or an error code. The library is started once in a process, at first use.
    private static let status: Int32 = sluice_libgit2_start()

    /// Makes sure that the library has been started.
    static func start() throws {
        guard status == 0 else {
            throw SluiceError("git.library-failed", .stalled, "libgit2 could not be started", detail: lastMessage())
        }
    }

    /// The message of the last error on this thread. Read it before anything else calls the library.
    static func lastMessage() -> String {
        guard let error = git_error_last(), let message = error.pointee.message else { return "no message" }
        return String(cString: message)
    }

    /// Throws libgit2's last error when `code` is one.
    @discardableResult
    static func check(_ code: Int32, _ doing: @autoclosure () -> String) throws -> Int32 {
        guard code < 0 else { return code }
        throw failure(code, doing())
    }

    /// The error of a failed call, in our terms.
    static func failure(_ code: Int32, _ doing: String) -> SluiceError {
        let detail = "\(doing): \(lastMessage()) (\(code))"
        return switch code {
        case GIT_ENOTFOUND.rawValue:
            SluiceError("git.object-missing", .transient, "the repository lacks an object or a name", detail: detail)
        case GIT_ELOCKED.rawValue:
            SluiceError("git.reference-locked", .transient, "another program is changing the reference", detail: detail)
        case GIT_EMODIFIED.rawValue, GIT_EEXISTS.rawValue:
            SluiceError("git.reference-moved", .conflict, "the reference was changed meanwhile", detail: detail)
        case GIT_EINVALIDSPEC.rawValue:
            SluiceError("git.name-invalid", .stalled, "the name is not allowed in a repository", detail: detail)
        default:
            SluiceError("git.repository-unreadable", .stalled, "the repository could not be read", detail: detail)
        }
    }
}
