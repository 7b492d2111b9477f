public import Diagnostics
import NIOConcurrencyHelpers
import ThreadExecution

/// Verifies passwords, one after another, on a thread of its own: hashing is work of a tenth of a second, and the
/// cooperative pool has as few threads as the machine has cores.
///
/// Whoever tries passwords in bulk fills the queue and is turned away; nothing else waits for it.
public actor PasswordVerifier {
    /// How many may wait at a time.
    public static let waitingLimit = 16

    private let executor = ThreadExecutor(name: "passwords")
    private let waiting = NIOLockedValueBox(0)
    /// Stands in for names that nobody has, so that they take as long as those that somebody has.
    private let nobody: PasswordHash?

    /// Makes a verifier.
    public init() {
        nobody = try? PasswordHash(
            "pbkdf2:sha256:150000$nobodynobody$\(String(repeating: "0", count: 64))")
    }

    deinit { executor.stop() }

    /// The verifier's own thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Whether a password is the one that was hashed; nil stands for the hash of somebody who does not exist.
    /// - Throws: `password.busy` when too many wait already.
    public nonisolated func verify(_ password: Secret<String>, against hash: PasswordHash?) async throws(SluiceError)
        -> Bool
    {
        let isAdmitted = waiting.withLockedValue { count in
            guard count < Self.waitingLimit else { return false }
            count += 1
            return true
        }
        guard isAdmitted else {
            throw SluiceError(
                "password.busy", .transient, "too many passwords are to be verified at once", retryAfter: .seconds(2))
        }
        defer { waiting.withLockedValue { $0 -= 1 } }
        return await compare(password, hash)
    }

    /// Hashes a password, away from the cooperative pool.
    public func hash(_ password: Secret<String>, salt: String) throws(SluiceError) -> PasswordHash {
        try PasswordHash.make(of: password, salt: salt)
    }

    private func compare(_ password: Secret<String>, _ hash: PasswordHash?) -> Bool {
        guard let hash else {
            _ = nobody?.matches(password)
            return false
        }
        return hash.matches(password)
    }
}
