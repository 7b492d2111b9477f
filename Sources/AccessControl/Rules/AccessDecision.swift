/// Whether somebody may do something, and why.
public enum AccessDecision: Hashable, Sendable {
    /// They may.
    /// - Parameter because: What allows it, in words: `RoleBinding land-operators`.
    case allowed(because: String)
    /// They may not, but may know that it is there.
    case denied
    /// They may not even know whether it is there.
    case hidden

    /// Whether they may.
    public var isAllowed: Bool { if case .allowed = self { true } else { false } }
}
