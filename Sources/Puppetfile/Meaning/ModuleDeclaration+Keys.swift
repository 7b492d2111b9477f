import Diagnostics

extension ModuleDeclaration {
    /// The keys that r10k has for a kind of module.
    private static let keys: [ModuleSource.Kind: [String]] = [
        .git: [
            "git", "type", "source", "version", "ref", "branch", "tag", "commit", "default_branch", "install_path",
            "exclude_spec",
        ],
        .svn: [
            "svn", "type", "source", "version", "rev", "revision", "username", "password", "install_path",
            "exclude_spec",
        ],
        .forge: ["type", "source", "version", "install_path", "exclude_spec"],
        .tarball: ["type", "source", "version", "checksum", "install_path", "exclude_spec"],
        .local: ["type", "local", "source", "version", "install_path", "exclude_spec"],
    ]
    /// Keys of g10k's, which r10k reads over.
    private static let otherTools: Set<String> = [
        "link", "fallback", "ignore-unreachable", "ignore_unreachable", "sha256sum", "use_ssh_agent",
    ]

    /// Says which keys the module does not have. r10k refuses them for archives only, and reads over them otherwise.
    func checkKeys(of kind: ModuleSource.Kind, _ findings: inout PuppetfileFindings) {
        let known = Self.keys[kind] ?? []
        for pair in pairs where !known.contains(pair.key) {
            let isElsewhere = Self.otherTools.contains(pair.key)
            let nearest = Suggestion.nearest(to: pair.key, in: known).map { "did you mean \($0):?" }
            findings.report(
                .unknownKey, kind == .tarball ? .error : .warning, at: pair.position,
                "a module of kind \(kind) has no key \(pair.key.shortened):",
                hint: isElsewhere ? "g10k has it, r10k reads over it" : nearest)
        }
    }

    /// Says where a password stands for everyone to read.
    func warnOfSecrets(_ source: ModuleSource, _ findings: inout PuppetfileFindings) {
        if let pair = self["password"] { warn(at: pair.value.position, &findings) }
        if let address = source.address, Self.hasPassword(address) { warn(at: position, &findings) }
    }

    private func warn(at position: Position, _ findings: inout PuppetfileFindings) {
        findings.report(
            .secret, .warning, at: position, "a password stands here for everyone who can read the repository",
            hint: "take it out, change it, and give r10k its credentials in its own configuration")
    }

    /// Whether an address has a password before its host: `https://user:password@host/`.
    private static func hasPassword(_ address: String) -> Bool {
        guard let scheme = address.exactRange(of: "://") else { return false }
        let authority = address[scheme.upperBound...].parts(at: "/").first ?? ""
        guard let at = authority.unicodeScalars.lastIndex(of: "@") else { return false }
        return authority[..<at].holds(":")
    }
}
