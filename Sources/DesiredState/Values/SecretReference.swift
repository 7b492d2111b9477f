/// Where a secret is kept. Desired state never holds the secret itself.
public enum SecretReference: Hashable, Sendable {
    /// An absolute path of a file whose content, without the newline at its end, is the secret.
    case file(String)
    /// The name of an environment variable of the controller.
    case environment(String)
}
