import Diagnostics
import Foundation

/// A private directory for one git child, for what git takes and gives by file only.
struct TransportScratch {
    /// Variables that the child gets besides the usual ones.
    let variables: [String: String]

    private let directory: String
    private let scheme: GitRemote.Scheme
    private var trace: String { "\(directory)/trace" }

    /// Makes the directory. Remove it with ``remove()``.
    init(for remote: GitRemote, in parent: String, access: GitAccess?) throws {
        scheme = remote.scheme
        directory = "\(parent)/\(Self.prefix)\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            switch remote.scheme {
            case .file:
                try "[safe]\n\tdirectory = *\n".write(toFile: "\(directory)/config", atomically: false, encoding: .utf8)
                // Git serves a directory of another account only when the global configuration, and no other, says so:
                // the directory's own configuration might run commands. Here the operator has named the directory.
                variables = ["GIT_CONFIG_GLOBAL": "\(directory)/config"]
            case .http, .https:
                let trace = ["GIT_TRACE_CURL": "\(directory)/trace", "GIT_TRACE_CURL_NO_DATA": "1"]
                guard let settings = access?.settings(for: remote) else {
                    variables = trace
                    break
                }
                // Arguments and environments of processes can be read by others on the machine; this file cannot.
                try Self.writePrivately(settings, to: "\(directory)/config")
                variables = trace.merging(["GIT_CONFIG_GLOBAL": "\(directory)/config"]) { _, new in new }
            case .ssh:
                variables = [:]
            }
        } catch {
            try? FileManager.default.removeItem(atPath: directory)
            throw SluiceError(
                "git.not-started", .transient, "a temporary file for git could not be written", detail: "\(error)")
        }
    }

    /// How the server refused; nil where git does not speak HTTP.
    func refusal(at now: Date) -> RefusalTrace? {
        guard scheme == .http || scheme == .https else { return nil }
        return (try? String(contentsOfFile: trace, encoding: .isoLatin1)).map { RefusalTrace($0, now: now) }
    }

    /// Makes sure that it was a git server that answered.
    ///
    /// For git, any page that a server or a login proxy answers with status 200 may be the list of references of a
    /// "dumb" repository, and a page of one line is an empty list. Only the smart protocol, whose answers say that they
    /// are complete, is believed here; its media type is in the trace of the headers.
    /// - Throws: `git.answer-malformed`.
    func checkAnswer() throws {
        guard scheme == .http || scheme == .https else { return }
        let headers = (try? String(contentsOfFile: trace, encoding: .isoLatin1))?.lowercased() ?? ""
        let types = ["upload", "receive"].map { "content-type: application/x-git-\($0)-pack-advertisement" }
        guard types.contains(where: headers.contains) else {
            throw SluiceError(
                "git.answer-malformed", .transient, "what answered is not a git server",
                hint: "is a proxy or a login page in between?")
        }
    }

    /// Creates a file that only we can read, and writes it.
    private static func writePrivately(_ text: Secret<String>, to path: String) throws {
        let made = FileManager.default.createFile(
            atPath: path, contents: Data(text.reveal().utf8), attributes: [.posixPermissions: 0o600])
        guard made else { throw CocoaError(.fileWriteUnknown) }
    }

    private static let prefix = "sluice-git-"

    /// Removes the directories that others of this type have left in `parent`.
    static func sweep(_ parent: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.begins(with: prefix)
        {
            try? FileManager.default.removeItem(atPath: "\(parent)/\(name)")
        }
    }

    /// Removes the directory and all in it.
    func remove() { try? FileManager.default.removeItem(atPath: directory) }
}
