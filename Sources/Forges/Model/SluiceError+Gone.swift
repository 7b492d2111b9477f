public import Diagnostics

extension SluiceError {
    /// Whether there is no such project on the code host any more, as far as our account can tell: nobody is left to be asked.
    /// Anything else that keeps us from tidying up there, such as a token that has run out, is a person's to mend, and waits.
    public var saysProjectIsGone: Bool { code == "forge.project-missing" || code == "git.repository-missing" }
}
