/// Why it is not proved who somebody is. None of it says what would have been right.
public enum AuthenticationFailure: Error, Hashable, Sendable {
    /// Nothing was brought.
    case missing
    /// What was brought proves nothing.
    case wrong
}
