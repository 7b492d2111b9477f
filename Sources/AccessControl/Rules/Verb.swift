public import DesiredState

/// What can be done with a resource, or with the controller itself. Each route of the interface needs one.
public enum Verb: String, Sendable, CaseIterable {
    /// Look at it.
    case read
    /// Have it looked at again.
    case reconcile
    /// Say that something changed somewhere.
    case notify
    /// Allow more deletions than the budget does, or a history that was rewritten.
    case confirm
    /// Take in a release, or an upstream.
    case submit
    /// Have it go on, back, or be tried again; steer it.
    case operate
    /// Give it up, or take it out.
    case withdraw
    /// Say that it cannot wait.
    case expedite
    /// Give one's word for it.
    case approve
    /// Write what should be.
    case apply
    /// Take down everything that is held for it.
    case cleanUp = "clean-up"
    /// Forget its history.
    case forget
    /// Read the audit log.
    case audit
    /// Make and revoke tokens, and ask what others may do.
    case administer
}

extension Role {
    /// What the role may do.
    public var verbs: Set<Verb> {
        switch self {
        case .viewer: [.read]
        case .operator: [.read, .reconcile, .notify, .confirm, .submit, .operate, .withdraw, .expedite]
        case .approver: [.read, .reconcile, .approve, .expedite]
        case .admin: Set(Verb.allCases)
        }
    }
}
