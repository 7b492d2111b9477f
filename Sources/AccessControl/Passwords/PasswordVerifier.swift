import Crypto
public import Diagnostics
public import Foundation
import NIOConcurrencyHelpers
import ThreadExecution

/// Verifies passwords, one after another, on a thread of its own: hashing is work of a tenth of a second, and the
/// cooperative pool has as few threads as the machine has cores.
///
/// Whoever tries passwords in bulk fills the queue and is turned away; nothing else waits for it. Neither does who came in
/// before: a password that was right a moment ago is known again without being hashed, and a part of the queue is kept for
/// people who came in from their address lately.
public actor PasswordVerifier {
    /// How many may wait at a time.
    public static let waitingLimit = 16
    /// How many of them may come from one address, and how many for one name; of who came in lately, how many for one name
    /// from one address.
    static let waitingLimitOfOne = 4
    /// How many of them may be people who have not come in lately.
    static let waitingLimitOfStrangers = 12
    /// How long a password that was right is known again, in seconds, by the clock of whoever asks.
    static let memory: TimeInterval = 60
    /// How long somebody who came in counts as one who has come in lately.
    static let acquaintance: TimeInterval = 3_600

    /// Whose password is to be verified.
    public struct Claim: Sendable {
        let name: String
        let password: Secret<String>
        let address: String?

        /// Makes a claim.
        /// - Parameter address: Where it comes from; nil when that is not known.
        public init(_ name: String, _ password: Secret<String>, from address: String? = nil) {
            self.name = name
            self.password = password
            self.address = address
        }

        fileprivate var visitor: String { "\(address ?? "")\n\(name)" }
    }

    private struct State {
        var waiting = 0
        /// By address, and by name.
        var waitingOfOne: [String: Int] = [:]
        /// What was right, as a keyed digest of name, hash and password.
        var right: [String: Date] = [:]
        /// Who came in, from where.
        var visitors: [String: Date] = [:]
    }

    private let executor = ThreadExecutor(name: "passwords")
    private let state = NIOLockedValueBox(State())
    /// Nobody outside of this process can tell by a digest what was right.
    private let key = SymmetricKey(size: .bits256)
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

    /// Whether somebody has the password that they say they have.
    ///
    /// Every answer takes as long as the most expensive hash of the file, whether the name is known or not.
    ///
    /// - Parameter file: The people, read when the claim's turn is certain.
    /// - Throws: `password.busy` when too many wait already, and what `file` throws.
    public nonisolated func verify(
        _ claim: Claim, at time: Date, in file: @Sendable () throws -> PasswordFile
    ) async throws -> Bool {
        try admit(claim, at: time)
        defer { release(claim) }
        let hashes = try file().hashes
        let hash = hashes[claim.name]
        let mark = hash.map { self.mark(claim, $0) }
        if let mark, let until = state.withLockedValue({ $0.right[mark] }), time < until { return true }
        let rest = Self.missingRounds(hash, among: hashes.values)
        guard await compare(claim.password, hash, and: rest) else { return false }
        if let mark { remember(mark, claim, at: time) }
        return true
    }

    /// Hashes a password, away from the cooperative pool.
    public func hash(_ password: Secret<String>, salt: String) throws(SluiceError) -> PasswordHash {
        try PasswordHash.make(of: password, salt: salt)
    }

    private nonisolated func admit(_ claim: Claim, at time: Date) throws(SluiceError) {
        let isAdmitted = state.withLockedValue { state in
            let isKnown = state.visitors[claim.visitor].map { time < $0 } ?? false
            guard state.waiting < (isKnown ? Self.waitingLimit : Self.waitingLimitOfStrangers) else { return false }
            // Who says that they are somebody who came in from there has not proved it: behind a proxy all come from there.
            let bounds = isKnown ? [claim.visitor] : Self.ones(claim)
            guard bounds.allSatisfy({ state.waitingOfOne[$0, default: 0] < Self.waitingLimitOfOne }) else {
                return false
            }
            state.waiting += 1
            for one in Self.ones(claim) + [claim.visitor] { state.waitingOfOne[one, default: 0] += 1 }
            return true
        }
        guard isAdmitted else {
            throw SluiceError(
                "password.busy", .transient, "too many passwords are to be verified at once", retryAfter: .seconds(2))
        }
    }

    private nonisolated func release(_ claim: Claim) {
        state.withLockedValue { state in
            state.waiting -= 1
            for one in Self.ones(claim) + [claim.visitor] {
                let left = state.waitingOfOne[one, default: 1] - 1
                state.waitingOfOne[one] = left > 0 ? left : nil
            }
        }
    }

    private static func ones(_ claim: Claim) -> [String] {
        [claim.address.map { "address \($0)" }, "name \(claim.name)"].compactMap(\.self)
    }

    private nonisolated func remember(_ mark: String, _ claim: Claim, at time: Date) {
        state.withLockedValue { state in
            if state.right.count >= 1_000 { state.right = state.right.filter { time < $0.value } }
            if state.right.count >= 10_000 { state.right.removeAll() }
            if state.visitors.count >= 1_000 { state.visitors = state.visitors.filter { time < $0.value } }
            if state.visitors.count >= 10_000 { state.visitors.removeAll() }
            state.right[mark] = time.addingTimeInterval(Self.memory)
            state.visitors[claim.visitor] = time.addingTimeInterval(Self.acquaintance)
        }
    }

    /// The hash is part of it: a password that was changed is another.
    private nonisolated func mark(_ claim: Claim, _ hash: PasswordHash) -> String {
        let text = "\(claim.name)\n\(hash)\n\(claim.password.reveal())"
        return Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)).base64EncodedString()
    }

    /// How many rounds a look at a hash takes less than one at the most expensive of all; nil stands for no hash.
    static func missingRounds(_ hash: PasswordHash?, among hashes: some Sequence<PasswordHash>) -> Int {
        (hashes.map(\.iterations).max() ?? PasswordHash.defaultIterations) - (hash?.iterations ?? 0)
    }

    private func compare(_ password: Secret<String>, _ hash: PasswordHash?, and rest: Int) -> Bool {
        let isRight = hash?.matches(password) ?? false
        if rest > 0 { _ = nobody?.with(iterations: rest).matches(password) }
        return isRight
    }
}
