import AccessControl
import DesiredState
import Diagnostics
import Foundation
import Glibc

/// A token with which everything may be done, left in the data directory where only the controller's own account finds
/// it: whoever can read it could as well have started the controller. Each start makes a new one.
struct LocalToken: Sendable {
    /// The token.
    let secret: Secret<String>
    private let path: String

    /// Where the token is when nobody says otherwise.
    static let usualDirectory = "/var/lib/sluice"

    init(directory: String) {
        var generator = SystemRandomNumberGenerator()
        secret = TokenSecret(using: &generator).text
        path = Self.path(directory)
    }

    private static func path(_ directory: String) -> String { "\(directory)/local-token" }

    /// Leaves the token, with the port that it is for.
    func leave(port: Int) throws(SluiceError) {
        let draft = "\(path).new"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw Self.unusable(path) }
        defer { close(file) }
        let bytes = Array("\(port)\n\(secret.reveal())\n".utf8)
        guard write(file, bytes, bytes.count) == bytes.count, rename(draft, path) == 0 else {
            throw Self.unusable(path)
        }
    }

    /// Takes it away again.
    func remove() { unlink(path) }

    /// The token for a server, when there is one that this account may read. It is only for the controller that left it:
    /// whoever else listens at that port now is not given it when that controller has come to an orderly end.
    static func read(for server: URL, directory: String) -> Secret<String>? {
        guard let host = server.host(), ["127.0.0.1", "localhost", "::1"].contains(host), server.scheme == "http",
            let bytes = try? RegularFile.read(path(directory), limit: 1_024)
        else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).words(at: "\n")
        guard lines.count == 2, let port = Int(lines[0]), port == server.port ?? 80 else { return nil }
        return Secret(String(lines[1]))
    }

    private static func unusable(_ path: String) -> SluiceError {
        SluiceError(
            "data-directory.unusable", .stalled, "the file \(path) cannot be written",
            detail: String(cString: strerror(errno)))
    }
}
