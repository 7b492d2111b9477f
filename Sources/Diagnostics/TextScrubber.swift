/// Makes the words of a program or a server fit for an error's detail: without secrets, credentials in URLs and control
/// characters, and not endless.
public struct TextScrubber: Sendable {
    /// Texts to take out wherever they stand.
    public var secrets: [Secret<String>]
    /// The most bytes that are left.
    public var limit: Int

    /// Makes a scrubber that knows these secrets.
    public init(secrets: [Secret<String>] = [], limit: Int = 4096) {
        self.secrets = secrets
        self.limit = limit
    }

    /// The text as it may be shown.
    public func scrub(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for secret in secrets { bytes = Self.removing(Array(secret.reveal().utf8), from: bytes) }
        let text = withoutUserInfo(String(decoding: bytes, as: UTF8.self))
        let visible = text.unicodeScalars.map { scalar in
            scalar.isUnprintable && scalar != "\n" ? " " : String(scalar)
        }.joined()
        guard visible.utf8.count > limit else { return visible }
        return String(decoding: visible.utf8.prefix(limit), as: UTF8.self) + " […]"
    }

    /// Compared byte by byte: an accent behind a secret would make another letter of its last one.
    private static func removing(_ secret: [UInt8], from text: [UInt8]) -> [UInt8] {
        guard let first = secret.first else { return text }
        var (kept, rest) = ([UInt8](), text[...])
        while let start = rest.firstIndex(of: first) {
            kept += rest[..<start]
            if rest[start...].starts(with: secret) {
                kept += Array("•••".utf8)
                rest = rest[start...].dropFirst(secret.count)
            } else {
                kept.append(first)
                rest = rest[start...].dropFirst()
            }
        }
        return kept + rest
    }

    /// `https://user:password@host/` becomes `https://•••@host/`.
    private func withoutUserInfo(_ text: String) -> String {
        var pieces = text.parts(between: "://").map(String.init)
        for index in pieces.indices.dropFirst() {
            let piece = pieces[index]
            let authority = piece.unicodeScalars.prefix {
                !$0.properties.isWhitespace && !"/'\"".unicodeScalars.contains($0)
            }
            guard let at = authority.lastIndex(of: "@") else { continue }
            pieces[index] = "•••" + piece[at...]
        }
        return pieces.joined(separator: "://")
    }
}
