import Diagnostics

/// Who we are on a forge: asked once for each secret, and kept.
///
/// A new secret may belong to another account: GitLab makes a user of its own for each token of a project. What the account
/// before has written is then somebody else's, and nobody is to go on looking for it as ours.
actor OwnAccount {
    private let access: ForgeAccess
    private let ask: @Sendable () async throws -> ForgeAccount
    private var known: (account: ForgeAccount, secret: Secret<String>)?

    init(_ access: ForgeAccess, _ ask: @escaping @Sendable () async throws -> ForgeAccount) {
        self.access = access
        self.ask = ask
    }

    func account() async throws -> ForgeAccount {
        let secret = try access.secret()
        if let known, known.secret == secret { return known.account }
        let answer = try await ask()
        // Read before the question was asked: a secret that changed in between is noticed the next time.
        known = (answer, secret)
        return answer
    }
}
