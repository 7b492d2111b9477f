public import DesiredState
public import Diagnostics

/// What a token may do at most: `viewer`, `operator:Release/edge-*`. It gives no right, it only narrows.
public struct AccessScope: Hashable, Sendable {
    /// The role whose verbs are let through.
    public let role: Role
    /// The kind of the resources; nil for all, the controller itself included.
    public let kind: String?
    /// How their names look; nil for all.
    public let pattern: String?

    /// Makes a scope.
    public init(_ role: Role, kind: String? = nil, pattern: String? = nil) {
        self.role = role
        self.kind = kind
        self.pattern = pattern
    }

    /// Reads what ``description`` makes. Throws `token.malformed-scope`.
    public init(_ text: String) throws(SluiceError) {
        let parts = text.parts(at: ":", maxSplits: 1).map(String.init)
        guard text.utf8.count <= 300, let role = parts.first.flatMap(Role.init(rawValue:)) else {
            throw Self.malformed(text)
        }
        guard parts.count == 2 else {
            self.init(role)
            return
        }
        let halves = parts[1].parts(at: "/", maxSplits: 1).map(String.init)
        guard halves.count == 2, let kind = halves.first, kind.wholeMatch(of: /[A-Za-z]{1,64}/) != nil,
            let pattern = halves.last, pattern.wholeMatch(of: /[A-Za-z0-9_.\/+=#@~*?-]{1,200}/) != nil
        else { throw Self.malformed(text) }
        self.init(role, kind: kind, pattern: pattern)
    }

    func covers(_ verb: Verb, _ object: AccessObject) -> Bool {
        guard role.verbs.contains(verb) else { return false }
        guard let kind, let pattern else { return true }
        guard case .resource(let key, _) = object else { return false }
        return key.kind == kind && BranchPattern(pattern).matches(key.name)
    }

    private static func malformed(_ text: String) -> SluiceError {
        SluiceError(
            "token.malformed-scope", .stalled, "a scope is not understood",
            hint: "write a role, or a role and resources: viewer, operator:Release/edge-*", detail: text)
    }
}

extension AccessScope: CustomStringConvertible {
    /// The scope as it is written.
    public var description: String {
        guard let kind, let pattern else { return role.rawValue }
        return "\(role.rawValue):\(kind)/\(pattern)"
    }
}
