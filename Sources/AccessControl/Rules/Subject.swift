public import DesiredState

/// Whoever asks for something, as far as it was proved who they are.
public struct Subject: Hashable, Sendable {
    /// How it was proved.
    public enum Proof: String, Sendable, CaseIterable {
        /// Not at all.
        case none
        /// By being on this machine, or by holding the token that only the controller's own account can read.
        case local
        /// By the access token that the controller was started with.
        case sharedToken = "shared-token"
        /// By a token that somebody made.
        case token
        /// By a name and a password.
        case password
        /// By the word of an OpenID provider.
        case identity
    }

    /// The name.
    public let name: String
    /// The groups.
    public let groups: Set<String>
    /// How both were proved.
    public let proof: Proof
    /// What they may do at most; empty for no such limit.
    public let scopes: [AccessScope]
    /// A role with everything that no binding gives: of who is trusted because the operator of the controller says so.
    public let standingRole: Role?

    /// Makes a subject.
    public init(
        _ name: String, groups: Set<String> = [], proof: Proof, scopes: [AccessScope] = [], standingRole: Role? = nil
    ) {
        self.name = name
        self.groups = groups
        self.proof = proof
        self.scopes = scopes
        self.standingRole = standingRole
    }

    /// Whoever proved nothing.
    /// - Parameter role: What they may do, with everything; nil for nothing.
    public static func anonymous(_ role: Role? = nil) -> Subject {
        Subject("anonymous", proof: .none, standingRole: role)
    }

    /// The person at this machine.
    public static let local = Subject("local", proof: .local, standingRole: .admin)

    /// Whoever holds the controller's own access token.
    public static let sharedToken = Subject("access-token", proof: .sharedToken, standingRole: .admin)

    /// Whether it may say in whose name it asks: it is trusted altogether, and there is nobody else whose word to take.
    public var speaksForOthers: Bool { standingRole == .admin }

    /// Whether somebody of a binding is meant.
    func isAmong(_ subjects: [RoleSubject]) -> Bool {
        guard proof != .none else { return false }
        return subjects.contains { subject in
            switch subject {
            case .user(let user): name == user
            case .group(let group): groups.contains(group)
            }
        }
    }
}
