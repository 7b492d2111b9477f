/// Why a token is not believed. It is for the log: whoever sent the token is told nothing of it.
enum TokenFault: Error, Hashable {
    /// It is not written as tokens are.
    case malformed(String)
    /// It is signed in a way that is not allowed, or by a key that is not the provider's.
    case unsigned(String)
    /// It says something that is not so: who made it, for whom, when, about whom.
    case claim(String)
}
