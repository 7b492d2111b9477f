package import Foundation

extension ForgeWorld {
    /// Makes an account, or returns the one that there is.
    @discardableResult
    package func addAccount(_ login: String, name: String? = nil, isApp: Bool = false) throws -> StoredAccount {
        if let known = server.accounts.first(where: { $0.login == login }) { return known }
        let account = StoredAccount(
            id: try nextID(), login: login, name: name ?? login.capitalized, email: "\(login)@example.org",
            isApp: isApp)
        try change { $0.accounts.append(account) }
        return account
    }

    /// Gives an account a token.
    package func addToken(
        _ text: String, for account: StoredAccount, level: AccessLevel = .maintain, name: String? = nil,
        scopes: [String]? = nil, end: Date? = nil
    ) throws {
        try change { server in
            server.tokens.removeAll { $0.text == text }
            server.tokens.append(
                StoredToken(
                    text: text, account: account.id, level: level, name: name, scopes: scopes, end: end))
        }
    }

    /// Takes a token away.
    package func removeToken(_ text: String) throws { try change { $0.tokens.removeAll { $0.text == text } } }

    /// Makes a project with an empty repository, or returns the one that there is.
    @discardableResult
    package func addProject(_ path: String, defaultBranch: String = "master") async throws -> StoredProject {
        if let known = try? project(path: path) { return known }
        let project = StoredProject(id: try nextID(), path: path, defaultBranch: defaultBranch)
        try put(project)
        _ = try await repository(of: project)
        return project
    }

    /// Changes a project's settings.
    package func configure(_ path: String, _ edit: @Sendable (inout StoredProject) -> Void) throws {
        var project = try project(path: path)
        edit(&project)
        try put(project)
    }

    /// A candidate as it is recorded, for tests.
    package func record(_ number: Int, in path: String) throws -> StoredCandidate {
        try candidate(number, of: try project(path: path))
    }

    /// The number of the change with a Gerrit Change-Id; nil when there is none.
    package func number(ofChange id: String, in path: String) throws -> Int? {
        candidates(of: try project(path: path)).first { $0.changeID == id }?.number
    }

    /// The statuses of a project in the order in which they were made, for tests.
    package func statusRecords(in path: String) throws -> [StoredStatus] {
        statuses[try project(path: path).id] ?? []
    }

    /// The issues of a project, for tests.
    package func issueRecords(in path: String) throws -> [StoredIssue] {
        (issues[try project(path: path).id] ?? [:]).values.sorted { $0.number < $1.number }
    }

    /// Whether a token has ended.
    func hasEnded(_ token: StoredToken) -> Bool { token.hasEnded(at: now(), on: type) }

    /// The account and token of a text; nil when nobody has it.
    func holder(of text: String) -> (StoredAccount, StoredToken)? {
        guard let token = server.tokens.first(where: { $0.text == text }) else { return nil }
        return (account(token.account), token)
    }
}
