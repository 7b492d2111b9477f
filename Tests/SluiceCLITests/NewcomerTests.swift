import DesiredState
import Foundation
import Glibc
import Terminal
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("What somebody types and reads on the first day")
struct NewcomerTests {
    @Test(
        "A candidate is found by its id, with slashes as they are or encoded",
        arguments: [
            ("candidate/land/102", "102", "land/102"), ("cand/land/a/b/c", "a/b/c", "land/a%2Fb%2Fc"),
            ("candidate/land/a%2Fb%2Fc", "a/b/c", "land/a%2Fb%2Fc"),
        ])
    func objectNames(written: String, id: String, stored: String) throws {
        let object = try #require(ObjectName(argument: written))
        #expect(try object.path == ["Candidate", "land", id])
        #expect(try object.key.name == stored)
    }

    @Test("An object may be written in two words, and a kind alone is none")
    func twoWords() async {
        func plan(_ words: String...) async -> Terminal.ExitStatus {
            await Invocation.run(
                "plan", words[0], words.count > 1 ? words[1] : "--no-headers",
                environment: ["SLUICE_SERVER": "http://127.0.0.1:1"]
            ).status
        }
        #expect(await plan("candidate", "land/102") == .unreachable)
        #expect(await plan("candidate/land/102") == .unreachable)
        #expect(await plan("candidate") == .usage)
        #expect(await plan("candidate/land/102", "102") == .usage)
        #expect(await Invocation.run("cleanup", "candidate/land/102").status == .usage)
    }

    @Test("A mistyped command is answered with the one that was meant, an unknown kind with those that people use")
    func suggestions() async {
        #expect(await Invocation.run("gte").talk.contains("did you mean get?"))
        let kinds = await Invocation.run("get", "elephants").talk
        #expect(kinds.contains("registry") && !kinds.contains("cleanup"))
    }

    @Test("A single file is validated for itself, and a directory without resources is a mistake")
    func validation() async throws {
        #expect(await Invocation.run("validate", "\(Checkout.root)/manifests/registry.yaml").status == .ok)
        try await withTemporaryDirectory { directory in
            #expect(await Invocation.run("validate", directory).status == .invalid)
            let file = "\(directory)/a.yaml"
            try Data("kind: Registri\n".utf8).write(to: URL(filePath: file))
            let result = await Invocation.run("validate", file)
            #expect(result.status == .invalid && result.output.contains("a.yaml:1"))
        }
    }

    @Test("A taken port is named before anything is started")
    func takenPort() async throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 1) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        try #require(isBound)
        let port = Int(UInt16(bigEndian: address.sin_port))
        let result = await Invocation.run("serve", "--config", "/nonexistent", "--listen", "127.0.0.1:\(port)")
        #expect(result.status == .invalid && result.talk.contains("port \(port) is taken"))
        #expect(result.talk.contains("--listen"))
    }

    @Test("The examples of the help stand on one line each, on a terminal of eighty columns")
    func help() async {
        let help = await Invocation.run("--help").output
        let lines = help.split(separator: "\n").drop { $0 != "EXAMPLES" }.dropFirst().prefix { $0.hasPrefix("  ") }
        #expect(lines.count >= 5)
        #expect(lines.allSatisfy { $0.hasPrefix("  sluice ") && $0.count <= 80 })
    }

    @Test("What was noted as ready is not called so when the world cannot be looked at, or is not ready now")
    func explanation() {
        let resource: JSONValue = [
            "kind": "Registry", "metadata": ["name": "land"],
            "status": ["conditions": [["type": "Ready", "status": "True", "message": "swept"]]],
        ]
        func explanation(_ plan: JSONValue?, _ obstacle: String?) -> Explanation {
            Explanation(resource: resource, plan: plan, obstacle: obstacle, lastRun: nil, now: Date())
        }
        let blind = explanation(nil, "no branch")
        #expect(!blind.isReady)
        #expect(blind.lines.contains("  to do now:  the world cannot be looked at: no branch"))
        let waiting = explanation(["tasks": [], "result": ["standing": "waiting", "message": "full"]], nil)
        #expect(!waiting.isReady && waiting.lines.contains("  then:       waiting: full"))
        #expect(explanation(["tasks": [], "result": ["standing": "ready", "message": ""]], nil).isReady)
    }

    @Test("Long names are cut unless the table may be wide")
    func longNames() {
        let name = "land/" + String(repeating: "x", count: 200)
        let resource: JSONValue = ["kind": "Candidate", "metadata": ["name": .string(name)]]
        #expect(!ResourceView.table(of: [resource], isWide: false).lines().joined().contains(name))
        #expect(ResourceView.table(of: [resource], isWide: true).lines().joined().contains(name))
    }
}
