public import Diagnostics

/// Fetches secrets from where references say they are kept.
///
/// A secret is read each time it is asked for, so that a rotated one is used from the next connection on.
public struct SecretResolver: Sendable {
    /// Reads at most `limit` bytes of the file at a path; throws when there are more or none can be read.
    public typealias FileReader = @Sendable (_ path: String, _ limit: Int) throws -> [UInt8]

    /// How long a secret may be, in bytes.
    public static let sizeLimit = 64 << 10

    private let environment: [String: String]
    private let readFile: FileReader

    /// Makes a resolver over an environment and a way to read files.
    public init(
        environment: [String: String], readFile: @escaping FileReader = { try RegularFile.read($0, limit: $1) }
    ) {
        self.environment = environment
        self.readFile = readFile
    }

    /// The secret. Throws `secret.unavailable` (transient: it may be mounted later) when there is none, and
    /// `secret.invalid` when what is there cannot be one.
    public func resolve(_ reference: SecretReference) throws(SluiceError) -> Secret<String> {
        let bytes: [UInt8]
        switch reference {
        case .environment(let name):
            guard let value = environment[name] else {
                throw SluiceError(
                    "secret.unavailable", .transient, "\(reference) is not set",
                    hint: "set it in the controller's environment")
            }
            bytes = Array(value.utf8)
        case .file(let path):
            do {
                bytes = try readFile(path, Self.sizeLimit)
            } catch {
                throw SluiceError(
                    "secret.unavailable", .transient, "\(reference) cannot be read",
                    hint: "the controller's user must be able to read it", detail: String(describing: error),
                    cause: error)
            }
        }
        return try secret(bytes, from: reference)
    }

    private func secret(_ bytes: [UInt8], from reference: SecretReference) throws(SluiceError) -> Secret<String> {
        var body = bytes[...]
        if body.last == UInt8(ascii: "\n") { body.removeLast() }
        if body.last == UInt8(ascii: "\r") { body.removeLast() }
        guard !body.isEmpty else { throw SluiceError("secret.invalid", .stalled, "\(reference) is empty") }
        guard body.count <= Self.sizeLimit else {
            throw SluiceError(
                "secret.invalid", .stalled, "\(reference) holds more than \(Self.sizeLimit) bytes")
        }
        guard !body.contains(0), let text = String(validating: body, as: UTF8.self) else {
            throw SluiceError("secret.invalid", .stalled, "\(reference) does not hold text in UTF-8")
        }
        return Secret(text)
    }
}
