public import Diagnostics
import Foundation

/// How one git server is reached over HTTP: at which addresses, and as whom.
public struct GitAccess: Sendable {
    /// The addresses to connect to, without brackets; the system's resolver is asked when there are none.
    ///
    /// Whoever has checked the addresses names them here, so that git connects to these and to no others.
    public let addresses: [String]
    /// Who we are; nil for anonymous access.
    public let credential: GitCredential?

    /// Makes an access.
    public init(addresses: [String] = [], credential: GitCredential? = nil) {
        self.addresses = addresses
        self.credential = credential
    }

    /// The addresses as git hands them to curl: `host:port:address,address`.
    func pin(for remote: GitRemote?) -> String? {
        guard let host = remote?.host, let port = remote?.port, !addresses.isEmpty, !host.begins(with: "[") else {
            return nil
        }
        let list = addresses.map { $0.holds(":") ? "[\($0)]" : $0 }.joined(separator: ",")
        return "\(host):\(port):\(list)"
    }

    /// The git configuration that has our credential sent to the remote's server, and to no other.
    func settings(for remote: GitRemote) -> Secret<String>? {
        guard let credential, let host = remote.host, let port = remote.port else { return nil }
        let place = "\(remote.scheme.rawValue)://\(host):\(port)/"
        return Secret("[http \"\(place)\"]\n\textraHeader = \"Authorization: \(credential.header.reveal())\"\n")
    }
}

/// A user name and a password or token for HTTP.
public struct GitCredential: Sendable {
    /// The user's name.
    public let user: String
    /// The password or token.
    public let password: Secret<String>

    /// Makes a credential.
    public init(user: String, password: Secret<String>) {
        self.user = user
        self.password = password
    }

    /// The value of the header field `Authorization`.
    var header: Secret<String> { Secret("Basic \(encoded.reveal())") }

    /// All texts that give the credential away.
    var texts: [Secret<String>] { [password, encoded] }

    private var encoded: Secret<String> {
        Secret(Data("\(user):\(password.reveal())".utf8).base64EncodedString())
    }
}
