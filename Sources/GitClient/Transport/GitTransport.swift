import ChildProcess
public import Diagnostics
public import Foundation

/// Moves objects and references between repositories with the system's `git` as a child process.
///
/// A child can be stopped, which a stuck network call of libgit2 cannot, and Debian's libgit2 speaks neither TLS 1.3
/// nor RSA keys to modern servers. The child's environment is closed and nothing of the machine's or the user's git
/// configuration applies; see ``environment(for:)``.
///
/// Failures are of three kinds: `transient` for networks and servers in trouble, `stalled` for what a person has to
/// mend (access denied, no such repository, content refused), `conflict` when a reference stands elsewhere than said.
/// Git's own words go into the error's detail, with credentials and control characters removed.
public struct GitTransport: Sendable {
    /// Where `git`, and the programs it starts, are looked for.
    public var searchPath: String
    /// The ways out that are open.
    public var allowedSchemes: Set<GitRemote.Scheme>
    /// How long one operation may take.
    public var deadline: Duration
    /// The most bytes of one file that git may write, a fetched pack above all.
    public var maximumFileSize: Int
    /// The most bytes of memory that git may map.
    public var maximumMemory: Int
    /// More variables for the children, such as `SSH_AUTH_SOCK` or `HTTPS_PROXY`. Those that this type sets win.
    public var extraEnvironment: [String: String]
    /// Texts that must never appear in an error.
    public var secrets: [Secret<String>]
    /// How a server is reached and who we are there; nil for anonymous access by the system's resolver.
    public var access: GitAccess?
    /// Where each child gets a private directory for what git takes by file only, credentials among it.
    public var scratchDirectory: String
    /// The clock by which a server may name the time until which it is left alone.
    public var now: @Sendable () -> Date = { Date() }

    /// Makes a transport. The defaults suit remote servers; add `.file` to reach directories of this machine.
    public init(
        searchPath: String = "/usr/local/bin:/usr/bin:/bin", allowing allowedSchemes: Set<GitRemote.Scheme>,
        deadline: Duration = .seconds(300), maximumFileSize: Int = 4 << 30, maximumMemory: Int = 8 << 30,
        extraEnvironment: [String: String] = [:], secrets: [Secret<String>] = [], access: GitAccess? = nil,
        scratchDirectory: String = "/tmp"
    ) {
        self.searchPath = searchPath
        self.allowedSchemes = allowedSchemes
        self.deadline = deadline
        self.maximumFileSize = maximumFileSize
        self.maximumMemory = maximumMemory
        self.extraEnvironment = extraEnvironment
        self.secrets = secrets
        self.access = access
        self.scratchDirectory = scratchDirectory
    }

    /// The version of git, such as `2.39.5`.
    /// - Throws: ``ChildProcess/ChildError`` when there is none.
    public func version() async throws -> String {
        let text = try await git(["--version"], remote: nil).outputText
        return text.split(whereSeparator: \.isWhitespace).dropFirst(2).first.map(String.init) ?? ""
    }

    /// Repacks a repository and drops what has not been reachable for two weeks. Safe while it is read and fetched into;
    /// see ``MirrorUpkeep``.
    public func compact(_ mirrorPath: String) async throws {
        _ = try await git(["--git-dir", mirrorPath, "gc", "--quiet"], remote: nil)
    }

    /// Runs git to its end and turns a failure into an error.
    func git(
        _ arguments: [String], remote: GitRemote?, outputLimit: Int = 64 << 20, acceptedCodes: Set<Int32> = [0]
    ) async throws -> ChildResult {
        if let remote, !allowedSchemes.contains(remote.scheme) {
            throw SluiceError(
                "git.protocol-refused", .stalled, "repositories are not reached by \(remote.scheme.rawValue) here",
                hint: "allowed: \(allowedSchemes.map(\.rawValue).sorted().joined(separator: ", "))")
        }
        let scratch = try remote.map { try TransportScratch(for: $0, in: scratchDirectory, access: access) }
        defer { scratch?.remove() }
        let environment = environment(for: remote, access: access).merging(scratch?.variables ?? [:]) { _, new in new }
        let child = Child(
            "git", arguments, environment: environment, workingDirectory: "/", outputLimit: outputLimit,
            deadline: deadline, resources: .init(fileSize: maximumFileSize, addressSpace: maximumMemory),
            // A server on this machine runs its hooks in the child's group.
            leftovers: remote?.scheme == .file ? .left : .killed)
        let result = try await child.run()
        guard case .exited(let code) = result.status, acceptedCodes.contains(code) else {
            let failure = GitFailure(result, scrubber: scrubber).error
            guard let wait = scratch?.refusal(at: now())?.limit else { throw failure }
            throw SluiceError.rateLimited(for: wait, detail: failure.detail ?? "")
        }
        try scratch?.checkAnswer()
        return result
    }

    /// This transport as somebody; nil leaves it as it is.
    public func authenticated(as credential: GitCredential?) -> GitTransport {
        guard let credential else { return self }
        var transport = self
        transport.access = GitAccess(addresses: access?.addresses ?? [], credential: credential)
        return transport
    }

    /// Takes what must not be seen out of git's words.
    var scrubber: TextScrubber { TextScrubber(secrets: secrets + (access?.credential?.texts ?? [])) }

    /// Removes what children left in the scratch directory when the process died. Nobody else may use the directory.
    public func sweepScratch() { TransportScratch.sweep(scratchDirectory) }
}
