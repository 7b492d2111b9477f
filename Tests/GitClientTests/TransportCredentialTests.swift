import Diagnostics
import Foundation
import GitClient
import TestSupport
import Testing

/// Runs `body` with a program in the place of git that writes down what it can see of its own start, then fails.
private func withSpy(
    _ access: GitAccess, _ body: (GitTransport, _ seen: () throws -> [String: String]) async throws -> Void
) async throws {
    try await withTemporaryDirectory("spy") { directory in
        let program = """
            #!/bin/sh
            tr '\\0' '\\n' < /proc/$$/environ > \(directory)/environ
            tr '\\0' '\\n' < /proc/$$/cmdline > \(directory)/cmdline
            cp "$GIT_CONFIG_GLOBAL" \(directory)/config
            stat -c '%a %U' "$GIT_CONFIG_GLOBAL" "$(dirname "$GIT_CONFIG_GLOBAL")" > \(directory)/modes
            cat "$GIT_CONFIG_GLOBAL" >&2
            exit 128
            """
        try await writeProgram(program, to: "\(directory)/bin/git")
        let transport = GitTransport(
            searchPath: "\(directory)/bin:/usr/bin:/bin", allowing: [.https], access: access,
            scratchDirectory: "\(directory)/scratch")
        try await body(transport) {
            var files: [String: String] = [:]
            for name in ["environ", "cmdline", "config", "modes"] {
                files[name] = try String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8)
            }
            files["left"] = try FileManager.default.contentsOfDirectory(atPath: "\(directory)/scratch").joined()
            return files
        }
    }
}

@Suite struct TransportCredentialTests {
    private let access = GitAccess(
        addresses: ["192.0.2.7", "2001:db8::7"],
        credential: GitCredential(user: "sluice", password: Secret("c4nary-Zm9v")))

    @Test func `B-09: a credential reaches git by a private file only, and goes with the child`() async throws {
        try await withSpy(access) { transport, seen in
            let remote = try GitRemote("https://forge.example:8443/land.git")
            var thrown: SluiceError?
            do { _ = try await transport.lsRemote(remote) } catch let error as SluiceError { thrown = error }
            let files = try seen()
            let encoded = Data("sluice:c4nary-Zm9v".utf8).base64EncodedString()
            for place in ["environ", "cmdline"] {
                #expect(files[place]?.contains("c4nary") == false)
                #expect(files[place]?.contains(encoded) == false)
            }
            #expect(files["config"]?.contains("https://forge.example:8443/") == true)
            #expect(files["config"]?.contains(encoded) == true)
            #expect(files["modes"]?.hasPrefix("600 ") == true)
            #expect(files["modes"]?.contains("\n700 ") == true)
            #expect(files["left"] == "")
            // The program printed the file: its words go into the error, the credential does not.
            let words = String(reflecting: thrown)
            #expect(words.contains("forge.example"))
            #expect(!words.contains("c4nary"))
            #expect(!words.contains(encoded))
        }
    }

    @Test func `B-04: git connects to the addresses that were checked`() async throws {
        try await withSpy(access) { transport, seen in
            _ = try? await transport.lsRemote(try GitRemote("https://forge.example/land.git"))
            let environment = try #require(try seen()["environ"])
            #expect(environment.contains("=http.curloptResolve\n"))
            #expect(environment.contains("=forge.example:443:192.0.2.7,[2001:db8::7]\n"))
        }
    }

    @Test func `B-04: a pinned address is connected to although the name means nothing`() async throws {
        let server = try CannedServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        defer { server.stop() }
        let pinned = GitTransport(allowing: [.http], access: GitAccess(addresses: ["127.0.0.1"]))
        _ = try? await pinned.lsRemote(try GitRemote("http://forge.invalid:\(server.port)/land.git"))
        #expect(server.connections > 0)
    }

    @Test func `what a dead process left in the scratch directory is removed`() async throws {
        try await withTemporaryDirectory("scratch") { directory in
            let left = "\(directory)/sluice-git-1/config"
            try FileManager.default.createDirectory(
                atPath: "\(directory)/sluice-git-1", withIntermediateDirectories: true)
            #expect(FileManager.default.createFile(atPath: left, contents: Data("x".utf8)))
            GitTransport(allowing: [], scratchDirectory: directory).sweepScratch()
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
        }
    }
}
