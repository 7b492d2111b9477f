public import DesiredState
public import Foundation

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
    /// By which of several credentials of the same name it was proved, as the id of a token; nil where there is one only.
    public let credential: String?
    /// When that credential ends; nil when it does not, or that is not known.
    public let expires: Date?

    /// Makes a subject.
    public init(
        _ name: String, groups: Set<String> = [], proof: Proof, scopes: [AccessScope] = [], standingRole: Role? = nil,
        credential: String? = nil, expires: Date? = nil
    ) {
        self.name = name
        self.groups = groups
        self.proof = proof
        self.scopes = scopes
        self.standingRole = standingRole
        self.credential = credential
        self.expires = expires
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

    /// Whether a name means somebody whom no token, password or provider can name.
    public static func isReserved(_ name: String) -> Bool {
        [anonymous().name, local.name, sharedToken.name].contains { $0 == name.lowercased() }
    }

    /// Whether it may say in whose name it asks: it is trusted altogether, and there is nobody else whose word to take.
    public var speaksForOthers: Bool { standingRole == .admin }

    /// Whether none of the limits forbids to do something with something.
    func hasInScope(_ verb: Verb, _ object: AccessObject) -> Bool {
        scopes.isEmpty || scopes.contains { $0.covers(verb, object) }
    }

    /// Whether none of the limits forbids to do something with anything at all.
    func hasInScope(_ verb: Verb) -> Bool {
        scopes.isEmpty || scopes.contains { $0.role.verbs.contains(verb) }
    }

    /// Whether somebody of a binding is meant.
    func isAmong(_ subjects: [RoleSubject]) -> Bool {
        guard proof != .none else { return false }
        return subjects.contains { subject in
            switch subject {
            // Byte by byte: what merely looks the same to Unicode is somebody else.
            case .user(let user): name.utf8.elementsEqual(user.utf8)
            case .group(let group): groups.contains { $0.utf8.elementsEqual(group.utf8) }
            }
        }
    }
}
