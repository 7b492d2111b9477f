import AccessControl
import Diagnostics

/// Finds out who asks.
///
/// Everybody proves who they are. One exception: while nobody else could, whoever is on this machine is taken for the one
/// person who uses it, but not a web page that a browser on this machine happens to show, which could otherwise reach the
/// interface by a name that resolves here, and not whoever a proxy passes on. That ends with the first binding and with the
/// first token, and does not come back by itself.
struct AccessPolicy: Sendable {
    let authenticator: Authenticator
    /// Whether the interface listens on this machine only, and nothing was said about who may use it.
    let isPersonal: Bool
    let directory: any AccessDirectory

    /// Whom a request says that it comes from, for the record of its refusal. Nothing of it is proved.
    func claimed(_ head: RequestHead) -> String? {
        Credentials(authorization: head["Authorization"], accessToken: head["X-Access-Token"]).flatMap {
            authenticator.claim(of: $0)
        }
    }

    /// Who sends a request. Throws when that is not proved.
    func caller(_ head: RequestHead, at address: String?) async throws -> Caller {
        let rules = try await directory.rules()
        return Caller(subject: try await subject(head, rules, address), rules: rules, address: address)
    }

    private func subject(_ head: RequestHead, _ rules: AccessRules, _ address: String?) async throws -> Subject {
        let isOpen = try await isStillPersonal(rules)
        let credentials = Credentials(
            authorization: head["Authorization"],
            // Clients of the registry platform send theirs wherever they go.
            accessToken: isOpen ? nil : head["X-Access-Token"])
        if isOpen, credentials == nil {
            guard LoopbackHost.matches(authority: head.authority), Self.originIsOurs(head), !Self.isForwarded(head)
            else { throw CallFailure.foreignOrigin }
            return .local
        }
        do {
            let subject = try await authenticator.subject(of: credentials, from: address)
            // A browser sends a password that it knows along with whatever a page of elsewhere has it ask for.
            guard subject.proof != .password || Self.originIsOurs(head) else { throw CallFailure.crossSite }
            return subject
        } catch let failure as AuthenticationFailure {
            throw failure == .missing
                ? CallFailure.unauthorized(takingPasswords: authenticator.takesPasswords)
                : CallFailure.wrongCredentials(takingPasswords: authenticator.takesPasswords)
        }
    }

    private func isStillPersonal(_ rules: AccessRules) async throws -> Bool {
        guard isPersonal, rules.isEmpty else { return false }
        return try await !directory.isShared()
    }

    /// Whether no page of elsewhere asks: another port of this machine is elsewhere, too.
    private static func originIsOurs(_ head: RequestHead) -> Bool {
        if let site = head["Sec-Fetch-Site"], !["same-origin", "none"].contains(site) { return false }
        guard let origin = head["Origin"], let authority = head.authority else { return head["Origin"] == nil }
        return ["http://", "https://"].contains { origin.lowercased() == $0 + authority.lowercased() }
    }

    /// Whether somebody passed the request on, so that it comes from who knows where.
    private static func isForwarded(_ head: RequestHead) -> Bool {
        head.headers.contains { field in
            let name = field.name.lowercased()
            return name.begins(with: "x-forwarded-") || ["forwarded", "via", "x-real-ip"].contains(name)
        }
    }
}
