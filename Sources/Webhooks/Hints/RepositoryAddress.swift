import Diagnostics
import Foundation

/// Where a repository lies, without the ways to write it: `https://host/a/b.git`, `ssh://git@host:22/a/b` and
/// `git@host:a/b` are one address. Scheme, port, user and password are left out.
public struct RepositoryAddress: Hashable, Sendable, Codable {
    /// The host, in lower case.
    public let host: String
    /// The path without its leading slash and without `.git`.
    public let path: String

    /// Reads an address; nil when it is none, as every text may be.
    public init?(_ text: String) {
        guard (1...2048).contains(text.utf8.count), !text.unicodeScalars.contains(where: \.isUnprintable) else {
            return nil
        }
        let (authority, path): (Substring, Substring)
        if let scheme = text.exactRange(of: "://") {
            let rest = text[scheme.upperBound...]
            guard let slash = rest.unicodeScalars.firstIndex(of: "/") else { return nil }
            (authority, path) = (
                rest[..<slash], Substring(rest[slash...].unicodeScalars.prefix { $0 != "?" && $0 != "#" })
            )
        } else {
            // git's short form: user@host:path
            guard let colon = text.unicodeScalars.firstIndex(of: ":"), !text[..<colon].holds("/") else { return nil }
            (authority, path) = (text[..<colon], text[colon...].dropFirst())
        }
        let host = authority.parts(at: "@").last ?? ""
        let name = host.begins(with: "[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        self.init(host: String(name), path: String(path))
    }

    private init?(host: String, path: String) {
        var parts = path.words(at: "/").map(String.init)
        if let last = parts.popLast() {
            parts.append(last.utf8.count > 4 ? last.rest(before: ".git").map(String.init) ?? last : last)
        }
        guard !host.isEmpty, !parts.isEmpty else { return nil }
        self.host = host.lowercased()
        self.path = parts.joined(separator: "/")
    }
}
