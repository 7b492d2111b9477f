import AsyncHTTPClient
import ChildProcess
import DesiredState
import ForgeDoubles
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import TestSupport

/// A double with one project, two accounts, and somebody who speaks plain HTTP and real git with it.
struct DoubleWorld: Sendable {
    let double: ForgeDouble
    let baseURL: String
    let directory: String

    static let project = "land/registry"

    /// An answer as a test looks at it.
    struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let text: String

        /// The body as JSON, Gerrit's first line taken away.
        var json: JSONValue {
            (try? JSONValue(parsing: text.hasPrefix(")]}'") ? String(text.dropFirst(5)) : text)) ?? .null
        }
    }

    static func with<R: Sendable>(
        _ type: ForgeType, pageLimit: Int? = nil, webhook: WebhookTarget? = nil, directory: String? = nil,
        gitLabVersion: String = "17.4.2-ee", _ body: @Sendable (DoubleWorld) async throws -> R
    ) async throws -> R {
        try await withTemporaryDirectory("double") { temporary in
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let double = try ForgeDouble(
                ForgeDoubleConfiguration(
                    type: type, directory: directory ?? "\(temporary)/forge", gitLabVersion: gitLabVersion,
                    pageLimit: pageLimit, webhook: webhook, now: { Date(timeIntervalSince1970: 1_772_444_411) }),
                logger: logger)
            try await double.administer { world in
                let ada = try await world.addAccount("ada", name: "Ada Author")
                try await world.addToken("ada-token", for: ada)
                let sluice = try await world.addAccount("sluice", name: "Sluice")
                try await world.addToken("sluice-token", for: sluice)
                try await world.addProject(project)
            }
            return try await double.serving { baseURL in
                try await body(DoubleWorld(double: double, baseURL: baseURL, directory: temporary))
            }
        }
    }

    /// Asks, as one of the accounts or as nobody.
    func ask(
        _ method: String, _ path: String, as login: String? = "ada", _ body: JSONValue? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = .init(rawValue: method)
        if let login {
            switch double.configuration.type {
            case .gerrit:
                let pair = Data("\(login):\(login)-token".utf8).base64EncodedString()
                request.headers.add(name: "Authorization", value: "Basic \(pair)")
            case .gitlab: request.headers.add(name: "PRIVATE-TOKEN", value: "\(login)-token")
            case .github, .gitee: request.headers.add(name: "Authorization", value: "Bearer \(login)-token")
            }
        }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.canonicalText))
        }
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        do {
            let response = try await client.execute(request, timeout: .seconds(600))
            let text = String(buffer: try await response.body.collect(upTo: 16 << 20))
            try await client.shutdown()
            return Answer(status: Int(response.status.code), headers: response.headers, text: text)
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    /// The address of the project's repository.
    var remote: String {
        double.configuration.type == .gerrit ? "\(baseURL)/a/\(Self.project)" : "\(baseURL)/\(Self.project).git"
    }

    /// Runs git in ada's clone with ada's password.
    @discardableResult
    func git(
        _ arguments: String..., as login: String = "ada", accepting codes: Set<Int32> = [0]
    ) async throws -> String {
        let clone = "\(directory)/clone"
        try FileManager.default.createDirectory(atPath: clone, withIntermediateDirectories: true)
        let pair = Data("\(login):\(login)-token".utf8).base64EncodedString()
        let result = try await Child(
            "git", arguments,
            environment: [
                "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": directory, "LC_ALL": "C",
                "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0",
                "GIT_AUTHOR_NAME": "Ada Author", "GIT_AUTHOR_EMAIL": "ada@example.org",
                "GIT_COMMITTER_NAME": "Ada Author", "GIT_COMMITTER_EMAIL": "ada@example.org",
                "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader",
                "GIT_CONFIG_VALUE_0": "Authorization: Basic \(pair)",
            ], workingDirectory: clone
        ).run()
        guard case .exited(let code) = result.status, codes.contains(code) else {
            throw GitRefusal(text: result.errorText)
        }
        return (result.outputText + result.errorText).trimmingCharacters(in: .newlines)
    }

    /// Commits a file in ada's clone.
    func commit(_ file: String, _ text: String, message: String) async throws {
        try write([file: text], below: "\(directory)/clone")
        try await git("add", "--all")
        try await git("commit", "--quiet", "--message", message)
    }

    /// Makes ada's clone with a first commit on master, and pushes it.
    func begin() async throws {
        try await git("init", "--quiet", "--initial-branch=master")
        try await git("remote", "add", "origin", remote)
        try await commit("main.txt", "one\ntwo\nthree\n", message: "Begin")
        try await git("push", "--quiet", "origin", "master")
    }
}

/// What git said when it failed.
struct GitRefusal: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}
