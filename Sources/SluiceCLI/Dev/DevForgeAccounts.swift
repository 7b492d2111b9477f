import Diagnostics
import ForgeDoubles
import Foundation

/// The two accounts of a stand-in: who proposes, and whom the controller goes by. Their tokens lie in files that only we
/// can read.
struct DevForgeAccounts: Sendable {
    private let directory: String
    private let tokens: [String: String]

    /// Who pushes and proposes.
    static let author = "author"
    /// Whom the controller goes by.
    static let sluice = "sluice"

    /// The file with an account's token.
    static func tokenFile(of login: String, in directory: String) -> String { "\(directory)/tokens/\(login)" }

    /// Where git finds the author's password.
    static func credentialsFile(in directory: String) -> String { "\(directory)/tokens/git-credentials" }

    /// Reads the tokens, or makes them.
    static func prepare(
        in directory: String, using random: inout some RandomNumberGenerator
    ) throws -> DevForgeAccounts {
        try FileManager.default.createDirectory(
            atPath: "\(directory)/tokens", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var tokens: [String: String] = [:]
        for login in [author, sluice] {
            let path = tokenFile(of: login, in: directory)
            if let known = try? String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .newlines) {
                tokens[login] = known
            } else {
                let token = "\(login)-" + String(UInt64.random(in: .min ... .max, using: &random), radix: 36)
                try write("\(token)\n", to: path)
                tokens[login] = token
            }
        }
        return DevForgeAccounts(directory: directory, tokens: tokens)
    }

    private static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    /// Makes the accounts known to the double, and the project with a first commit when it is new.
    func introduce(to double: ForgeDouble, project: String) async throws {
        try await double.administer { world in
            for (login, token) in tokens.sorted(by: { $0.key < $1.key }) {
                try await world.addToken(token, for: try await world.addAccount(login))
            }
            try await world.addProject(project)
            guard try await world.head(of: "master", in: project) == nil else { return }
            try await world.commit(
                ["README.md": Array("# \(project)\n".utf8)], on: "master", of: project, message: "Begin\n",
                by: Self.author)
            // As projects have it that are gated: no submit without Verified+1.
            try await world.configure(project) { $0.needsVerified = true }
        }
    }

    /// Writes the file that `git credential-store` reads.
    func writeGitCredentials(for address: String) throws {
        guard let token = tokens[Self.author] else { return }
        let place = address.replacingAll("http://", with: "http://\(Self.author):\(token)@")
        try Self.write("\(place)\n", to: Self.credentialsFile(in: directory))
    }
}
