import Changelog
import Diagnostics

/// A deploy that ended as if the server were to blame: the session was lost, or an error of a transient class came.
///
/// A changelog can bring that about itself. It can end its own backend, raise any SQLSTATE it likes, or need more memory
/// than there is, and it would do so at every attempt. So the blame is the server's only so many times.
enum DeployInterruption {
    /// How many interruptions of the same content in a row count as its own fault.
    static let limit = 3

    static let code: SluiceError.Code = "candidate.deploy-interrupted"

    /// The error as it counts: a transient one becomes an interruption.
    static func judge(_ error: any Error) -> any Error {
        let seen = SluiceError(wrapping: error)
        guard seen.kind == .transient else { return error }
        if let failure = error as? ChangelogFailure, failure.sqlState == limitExceeded {
            var failure = failure
            failure.isTransient = false
            return failure
        }
        return SluiceError(
            code, .transient, "the deploy broke off: \(seen.message)", hint: seen.hint, at: seen.location,
            detail: seen.detail, retryAfter: seen.retryAfter, cause: error)
    }

    /// The error of content whose deploys break off time and again.
    static func final(_ error: SluiceError) -> SluiceError {
        SluiceError(
            code, .stalled, "\(limit) times in a row \(error.message)",
            hint: "a changelog must not end its own session; if the server was to blame, push the candidate again",
            at: error.location, detail: error.detail, cause: error.cause)
    }

    /// `configuration_limit_exceeded`: a limit such as `temp_file_limit` is the same at the next attempt.
    private static let limitExceeded = "53400"
}
