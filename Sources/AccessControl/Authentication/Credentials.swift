public import Diagnostics
import Foundation

/// What a request brings to prove who sends it.
public enum Credentials: Sendable {
    /// A token of any kind.
    case bearer(Secret<String>)
    /// A name and a password.
    case password(user: String, Secret<String>)
    /// Something that is neither.
    case unreadable

    /// How long a header may be, in bytes.
    public static let limit = 16 << 10

    /// What the headers of a request bring; nil when they bring nothing.
    ///
    /// `Authorization` counts before `X-Access-Token`, which clients of the registry platform send.
    public init?(authorization: String?, accessToken: String?) {
        if let authorization {
            self = Self.read(authorization)
        } else if let accessToken {
            self =
                accessToken.isEmpty || accessToken.utf8.count > Self.limit ? .unreadable : .bearer(Secret(accessToken))
        } else {
            return nil
        }
    }

    private static func read(_ header: String) -> Credentials {
        let parts = header.words(at: " ", maxSplits: 1)
        guard header.utf8.count <= limit, parts.count == 2 else { return .unreadable }
        switch parts[0].lowercased() {
        case "bearer": return .bearer(Secret(String(parts[1])))
        case "basic":
            guard let data = Data(base64Encoded: String(parts[1])), let text = String(validating: data, as: UTF8.self),
                let colon = text.unicodeScalars.firstIndex(of: ":")
            else { return .unreadable }
            return .password(user: String(text[..<colon]), Secret(String(text[text.index(after: colon)...])))
        default: return .unreadable
        }
    }
}
