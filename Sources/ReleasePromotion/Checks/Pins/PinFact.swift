public import Puppetfile

/// What is known of a pin: whether the module's own repository has it.
public enum PinFact: Hashable, Sendable {
    /// It is there, and on a branch or tag.
    case present
    /// It is there, and on no branch and no tag: the code host may throw it away any time.
    case abandoned
    /// The repository does not have it.
    case missing
    /// Nobody has said where the module's repository is.
    case unconfigured
    /// The repository could not be asked.
    case unreachable
    /// The pin does not name one thing that could be looked up, such as part of a commit.
    case unanswerable
}

/// A module with what is known of its pin.
public struct PinnedModule: Hashable, Sendable {
    /// The module.
    public let module: PuppetModule
    /// What is known.
    public let fact: PinFact

    /// Makes a module with what is known.
    public init(_ module: PuppetModule, _ fact: PinFact) {
        self.module = module
        self.fact = fact
    }
}
