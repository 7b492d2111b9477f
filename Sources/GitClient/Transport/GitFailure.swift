import ChildProcess
import Diagnostics

/// What a failed git child says, read for what is to be done about it.
struct GitFailure {
    let result: ChildResult
    let scrubber: TextScrubber

    init(_ result: ChildResult, scrubber: TextScrubber) {
        self.result = result
        self.scrubber = scrubber
    }

    /// One sign in git's words, and what it means.
    private struct Sign {
        let texts: [String]
        let code: SluiceError.Code
        let kind: SluiceError.Kind
        let message: String
    }

    /// The first sign that is found decides, so the surer ones stand first.
    private static let signs = [
        Sign(
            texts: ["couldn't find remote ref"],
            code: "git.reference-missing", kind: .conflict, message: "the repository no longer has that reference"),
        Sign(
            texts: ["fsck error", "fsck warning", "invalid object", "index-pack failed", "did not send all necessary"],
            code: "git.content-refused", kind: .stalled, message: "the repository's objects are malformed"),
        Sign(
            texts: [
                "Authentication failed", "could not read Username", "could not read Password", "Permission denied",
                "error: 401", "error: 403", "Host key verification failed", "dubious ownership", "access denied",
            ],
            code: "git.access-denied", kind: .stalled, message: "the git server denies access"),
        Sign(
            texts: [
                "error: 404", "does not appear to be a git repository", "Repository not found", "does not exist",
                "' not found",
                "not a git repository",
            ],
            code: "git.repository-missing", kind: .stalled, message: "there is no such repository"),
        Sign(
            // GnuTLS's words, OpenSSL's and curl's own.
            texts: ["certificate verification failed", "SSL certificate problem", "certificate subject name"],
            code: "git.certificate-refused", kind: .stalled, message: "the git server's certificate is not trusted"),
        Sign(
            texts: ["transport '", "not allowed"],
            code: "git.protocol-refused", kind: .stalled, message: "that way to a repository is not allowed"),
        Sign(
            texts: ["No space left on device"],
            code: "git.disk-full", kind: .transient, message: "there is no space left for the repository"),
        Sign(
            texts: ["Unable to create", "cannot lock ref", "File exists"],
            code: "git.reference-locked", kind: .transient, message: "another program is changing the reference"),
    ]

    /// SIGXFSZ: a file grew beyond what is allowed.
    private static let fileTooLarge: Int32 = 25

    var error: SluiceError {
        let words = scrubber.scrub(result.errorText)
        let detail = "git ended with \(result.status): \(words)"
        if result.status == .signalled(Self.fileTooLarge) || words.holds("died of signal \(Self.fileTooLarge)") {
            return SluiceError(
                "git.repository-too-large", .stalled, "the repository is larger than is allowed", detail: detail)
        }
        for sign in Self.signs where sign.texts.contains(where: words.contains) {
            return SluiceError(sign.code, sign.kind, sign.message, detail: detail)
        }
        // Networks fail in many words; what is not known to be permanent is tried again.
        return SluiceError(
            "git.transport-failed", .transient, "the git server could not be reached or broke off", detail: detail)
    }
}
