public import AccessControl
public import StateStore

/// Says who may do what.
public protocol AccessDirectory: Sendable {
    /// The rules that are in force.
    func rules() async throws -> AccessRules
    /// Whether anybody has ever said who may do what, or made a token: then nobody is let in without proof again, whatever became
    /// of that.
    func isShared() async throws -> Bool
}

/// Keeps the tokens that people make.
public protocol TokenRequests: Sendable {
    /// Keeps a new token.
    func add(_ token: NewAccessToken, _ secret: TokenSecret, by creator: String) async throws -> AccessToken
    /// Tokens in the order of their ids, those after one when it is given; of one subject when it is named.
    func list(subject: String?, after id: String?, limit: Int) async throws -> [AccessToken]
    /// Ends a token; nil when there is none.
    func revoke(_ id: String, by person: String) async throws -> AccessToken?
}

/// Keeps what people did and were refused.
public protocol AuditDirectory: AuditSink {
    /// Records, newest first.
    func list(_ filter: AuditLog.Filter, page: PageRequest) async throws -> Page<AuditRecord>
}

extension TokenTable: TokenRequests {}

extension AuditLog: AuditDirectory {}
