/// Who we are on a forge: asked once, and kept.
actor OwnAccount {
    private let ask: @Sendable () async throws -> ForgeAccount
    private var known: ForgeAccount?

    init(_ ask: @escaping @Sendable () async throws -> ForgeAccount) { self.ask = ask }

    func account() async throws -> ForgeAccount {
        if let known { return known }
        let answer = try await ask()
        known = answer
        return answer
    }
}
