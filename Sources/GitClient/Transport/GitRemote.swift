import Diagnostics

/// Where a repository lives: a checked address that git cannot take for an option or for a transport of its own.
public struct GitRemote: Hashable, Sendable {
    /// How a repository is reached.
    public enum Scheme: String, Hashable, Sendable, CaseIterable {
        /// HTTP over TLS.
        case https
        /// Plain HTTP: for a forge on a trusted network, and only where it is allowed by name.
        case http
        /// The secure shell.
        case ssh
        /// A directory of this machine.
        case file
    }

    /// The address as git gets it: a URL, or an absolute path for a directory.
    public let address: String
    /// How it is reached.
    public let scheme: Scheme
    /// The server's name in lower case; nil for a directory.
    public let host: String?
    /// The port, the scheme's own where the URL names none; nil for a directory.
    public let port: Int?

    /// Reads a URL such as `https://host/path`, `ssh://git@host:22/path` or `file:///path`.
    ///
    /// Refused are: other schemes (`ext::`, `fd::` and the like among them), passwords in the URL, the short form
    /// `host:path`, and anything with spaces, control characters or a leading dash where git might see an option.
    /// - Throws: `git.url-invalid`.
    public init(_ url: String) throws {
        guard url.utf8.count <= 4096, url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") })
        else {
            throw GitRemote.invalid("it is too long or has spaces, backslashes or control characters")
        }
        guard let separator = url.exactRange(of: "://") else {
            throw GitRemote.invalid(
                "it is no URL", hint: "write ssh://git@host/path, https://host/path or file:///path")
        }
        guard let scheme = Scheme(rawValue: url[..<separator.lowerBound].lowercased()) else {
            throw GitRemote.invalid("its scheme is not one of https, http, ssh, file")
        }
        let rest = url[separator.upperBound...]
        let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        let (authority, path) = (rest[..<slash], String(rest[slash...]))
        if scheme == .file {
            guard authority.isEmpty else { throw GitRemote.invalid("a file URL names no host") }
            self = try GitRemote(path: path)
            return
        }
        let (host, port) = try GitRemote.place(in: authority)
        guard path.utf8.count > 1, !path.holds("?"), !path.holds("#") else {
            throw GitRemote.invalid("it has no path, or has a query")
        }
        self.init(
            address: "\(scheme.rawValue)://\(authority)\(path)", scheme: scheme, host: host,
            port: port ?? (scheme == .https ? 443 : scheme == .http ? 80 : 22))
    }

    /// A directory of this machine.
    /// - Parameter path: An absolute path without `..`.
    /// - Throws: `git.url-invalid`.
    public init(path: String) throws {
        let parts = path.parts(at: "/")
        guard path.begins(with: "/"), !parts.contains(".."), !path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else {
            throw GitRemote.invalid("a directory is given by an absolute path without ..")
        }
        self.init(address: path, scheme: .file, host: nil, port: nil)
    }

    private init(address: String, scheme: Scheme, host: String?, port: Int?) {
        self.address = address
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// The host and the port of `user@host:port`.
    private static func place(in authority: Substring) throws -> (String, Int?) {
        let pieces = authority.parts(at: "@")
        guard pieces.count <= 2, let place = pieces.last else { throw invalid("it has several users") }
        if pieces.count == 2 {
            guard let user = pieces.first, !user.isEmpty, user.allSatisfy(isNameCharacter), user.first != "-" else {
                throw invalid("its user is not a plain name", hint: "give credentials as a secret, not in the URL")
            }
        }
        let isBracketed = place.begins(with: "[")
        if isBracketed, !place.holds("]") { throw invalid("its host is not plain") }
        let end =
            isBracketed
            ? place.unicodeScalars.firstIndex(of: "]").map(place.index(after:))
            : place.unicodeScalars.firstIndex(of: ":")
        let host = place[..<(end ?? place.endIndex)]
        let port = place[(end ?? place.endIndex)...]
        let letters = isBracketed ? host.dropFirst().dropLast() : host
        guard !letters.isEmpty, letters.first != "-",
            letters.allSatisfy({ isNameCharacter($0) || isBracketed && $0 == ":" }),
            port.isEmpty || port.first == ":" && UInt16(port.dropFirst()) != nil
        else { throw invalid("its host or port is not plain") }
        return (host.lowercased(), UInt16(port.dropFirst()).map(Int.init))
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-._".contains(character))
    }

    private static func invalid(_ reason: String, hint: String? = nil) -> SluiceError {
        // The address itself is not repeated: it may hold a password.
        SluiceError("git.url-invalid", .stalled, "the repository's address is not allowed: \(reason)", hint: hint)
    }
}

extension GitRemote: CustomStringConvertible {
    /// The address, which holds no password.
    public var description: String { address }
}
