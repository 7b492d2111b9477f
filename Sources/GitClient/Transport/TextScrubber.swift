import Diagnostics

/// Makes the words of a program or a server fit for an error's detail: without secrets, credentials in URLs and control
/// characters, and not endless.
struct TextScrubber: Sendable {
    /// Texts to take out wherever they stand.
    var secrets: [Secret<String>] = []
    /// The most bytes that are left.
    var limit = 4096

    func scrub(_ text: String) -> String {
        var text = text
        for secret in secrets.map({ $0.reveal() }) where !secret.isEmpty {
            text = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "•••")
        }
        text = withoutUserInfo(text)
        let visible = text.unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control where scalar != "\n": " "
            case .format, .lineSeparator, .paragraphSeparator: " "
            default: String(scalar)
            }
        }.joined()
        guard visible.utf8.count > limit else { return visible }
        return String(decoding: visible.utf8.prefix(limit), as: UTF8.self) + " […]"
    }

    /// `https://user:password@host/` becomes `https://•••@host/`.
    private func withoutUserInfo(_ text: String) -> String {
        var pieces = text.split(separator: "://", omittingEmptySubsequences: false).map(String.init)
        for index in pieces.indices.dropFirst() {
            let piece = pieces[index]
            let authority = piece.prefix { !$0.isWhitespace && !"/'\"".contains($0) }
            guard let at = authority.lastIndex(of: "@") else { continue }
            pieces[index] = "•••" + piece[at...]
        }
        return pieces.joined(separator: "://")
    }
}
