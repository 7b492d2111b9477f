import Crypto
import CryptoExtras
public import Diagnostics
import Foundation

/// A password as it is kept: PBKDF2 in the form that patch-tracking's settings have, which is Werkzeug's:
/// `pbkdf2:sha256:150000$salt$hex`.
///
/// Verifying takes as long as it is meant to: ask a ``PasswordVerifier``, which has a thread of its own for it.
public struct PasswordHash: Hashable, Sendable {
    /// The functions that hashes are made with.
    enum Digest: String, CaseIterable, Sendable {
        case sha256, sha512

        var function: KDF.Insecure.PBKDF2.HashFunction {
            switch self {
            case .sha256: .sha256
            case .sha512: .sha512
            }
        }

        var byteCount: Int { self == .sha256 ? 32 : 64 }
    }

    let digest: Digest
    let iterations: Int
    let salt: String
    let key: [UInt8]

    /// How many iterations a hash may ask for: fewer protect nothing, more would keep the verifier busy for seconds.
    public static let iterationRange = 1_000...2_000_000
    /// How many iterations new hashes have.
    public static let defaultIterations = 600_000
    /// How long a password may be, in bytes.
    public static let passwordLimit = 1_024

    /// Reads a hash. Throws `password.malformed-hash`, which never repeats what was read.
    public init(_ text: String) throws(SluiceError) {
        let parts = text.parts(at: "$")
        let method = parts.first?.parts(at: ":") ?? []
        guard parts.count == 3, method.count == 3, method[0] == "pbkdf2",
            let digest = Digest(rawValue: String(method[1]))
        else { throw Self.malformed("it is not written as pbkdf2:sha256:ITERATIONS$SALT$HEX") }
        guard method[2].utf8.count <= 7, let iterations = Int(method[2]), Self.iterationRange.contains(iterations)
        else {
            throw Self.malformed(
                "it does not have \(Self.iterationRange.lowerBound) to \(Self.iterationRange.upperBound) iterations")
        }
        guard (1...128).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Self.malformed("its salt is not 1 to 128 printable ASCII characters")
        }
        guard let key = Self.bytes(ofHexadecimal: parts[2]), key.count == digest.byteCount else {
            throw Self.malformed("its key is not \(digest.byteCount) bytes in hexadecimal digits")
        }
        self.digest = digest
        self.iterations = iterations
        self.salt = String(parts[1])
        self.key = key
    }

    /// The same with another count: the hash of nothing that anybody knows.
    func with(iterations: Int) -> PasswordHash {
        PasswordHash(digest: digest, iterations: iterations, salt: salt, key: key)
    }

    private init(digest: Digest, iterations: Int, salt: String, key: [UInt8]) {
        self.digest = digest
        self.iterations = iterations
        self.salt = salt
        self.key = key
    }

    /// Hashes a password with SHA-256. Takes as long as verifying does.
    /// - Parameter salt: At least 16 random characters of `A-Za-z0-9`; see ``newSalt(using:)``.
    /// - Throws: `password.unusable` for an empty password, or one that is too long.
    public static func make(
        of password: Secret<String>, salt: String, iterations: Int = defaultIterations
    ) throws(SluiceError) -> PasswordHash {
        let bytes = password.reveal().utf8
        guard (1...passwordLimit).contains(bytes.count), !bytes.contains(0) else {
            throw SluiceError(
                "password.unusable", .stalled, "a password has 1 to \(passwordLimit) bytes, none of them zero")
        }
        let rounds = min(max(iterations, iterationRange.lowerBound), iterationRange.upperBound)
        let draft = PasswordHash(digest: .sha256, iterations: rounds, salt: salt, key: [])
        return PasswordHash(digest: .sha256, iterations: rounds, salt: salt, key: try draft.derive(password))
    }

    /// 22 random letters and digits: more than 128 bits.
    public static func newSalt(using generator: inout some RandomNumberGenerator) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<22).compactMap { _ in letters.randomElement(using: &generator) })
    }

    /// Whether it is the hash of a password. The time it takes depends on the iterations, not on how wrong the password is.
    func matches(_ password: Secret<String>) -> Bool {
        // To PBKDF2 a short password is the same as one with zeros behind it.
        let bytes = password.reveal().utf8
        guard bytes.count <= Self.passwordLimit, !bytes.contains(0), let derived = try? derive(password) else {
            return false
        }
        var difference = derived.count ^ key.count
        for (a, b) in zip(derived, key) { difference |= Int(a ^ b) }
        return difference == 0
    }

    private func derive(_ password: Secret<String>) throws(SluiceError) -> [UInt8] {
        do {
            // The old tool's own count may lie below what CryptoExtras recommends.
            let key = try KDF.Insecure.PBKDF2.deriveKey(
                from: Array(password.reveal().utf8), salt: Array(salt.utf8), using: digest.function,
                outputByteCount: digest.byteCount, unsafeUncheckedRounds: iterations)
            return key.withUnsafeBytes { Array($0) }
        } catch {
            throw SluiceError(
                "password.unusable", .stalled, "the password cannot be hashed", detail: String(describing: error))
        }
    }

    private static func bytes(ofHexadecimal text: Substring) -> [UInt8]? {
        guard text.utf8.count.isMultiple(of: 2), text.utf8.count <= 128 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in text {
            guard character.isASCII, let value = character.hexDigitValue else { return nil }
            if let first = high {
                bytes.append(first << 4 | UInt8(value))
                high = nil
            } else {
                high = UInt8(value)
            }
        }
        return bytes
    }

    private static func malformed(_ why: String) -> SluiceError {
        SluiceError(
            "password.malformed-hash", .stalled, "a password hash is not one that is known: \(why)",
            hint: "make one with: sluice auth hash-password")
    }
}

extension PasswordHash: CustomStringConvertible {
    /// The hash as it is kept.
    public var description: String { "pbkdf2:\(digest.rawValue):\(iterations)$\(salt)$\(key.hexadecimal)" }
}
