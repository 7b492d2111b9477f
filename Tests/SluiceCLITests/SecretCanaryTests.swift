import ChildProcess
import DesiredState
import EmbeddedPostgres
import ForgeDoubles
import Foundation
import Logging
import PostgresClient
import Terminal
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("Secrets of a controller that works and fails", .serialized)
struct SecretCanaryTests {
    @Test(
        "B-09: secrets from every place where some are kept are in no log, answer, error, command line, environment, database, mirror, file or comment, whatever the hosts repeat of them"
    )
    func canaries() async throws {
        try await withTemporaryDirectory("canary") { root in
            try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: root)
            let stage = try await CanaryStage.make(in: root)
            let result: Result<Void, any Error>
            do {
                try await stage.serving { addresses in try await Self.tell(stage, addresses) }
                result = .success(())
            } catch { result = .failure(error) }
            await stage.cluster.stop()
            try result.get()
        }
    }

    private static func tell(_ stage: CanaryStage, _ addresses: [ForgeType: String]) async throws {
        let controller = try await stage.start(addresses)
        let server = controller.client.server.absoluteString
        let walk = InterfaceWalk(server: server, token: stage.accessToken)
        for type in ForgeType.allCases { stage.tellOfEvents(at: type, to: server) }
        for type in ForgeType.allCases {
            try await stage.propose(at: type)
            try await stage.awaitVerdict(at: type, controller)
        }
        let answers = try await walk.all()
        #expect(answers.count > 100, "too little was looked at")
        try await expectNothing(in: answers, "while all is well")
        try await badWebhooks(stage, walk)
        try await credentials(stage, walk)

        for type in ForgeType.allCases {
            let double = try stage.double(type)
            for fault in CanaryStage.interfaceFaults(type) {
                double.faults.set([fault])
                try await stage.look(at: type, controller)
                double.faults.set([])
            }
            try await expectNothing(in: [try await walk.get("/api/v1/resources?limit=500")], "in statuses at \(type)")
            for fault in CanaryStage.gitFaults {
                double.faults.set([fault])
                try await stage.revise(at: type)
                _ = try await eventually("git to meet \(fault) at \(type)") {
                    double.faults.pending.isEmpty ? true : nil
                }
                double.faults.set([])
            }
            try await expectNothing(in: try await walk.all(), "after \(type) repeated what it was sent")
        }
        let told = try await eventually("both channels to be tried") {
            let notices = try await walk.items("/api/v1/notices?limit=500").filter { $0["answer"]?.string != nil }
            return Set(notices.compactMap { $0["channel"]?.string }) == ["robot", "tickets"]
                ? notices.compactMap { $0["answer"]?.string } : nil
        }
        #expect(told.allSatisfy { Canary.trace(in: $0) == nil })
        try await processes(stage, controller)
        try await expectNothing(in: try await walk.all(), "at the end")
        _ = try await controller.process.stop(grace: .seconds(60))

        let log = try String(contentsOfFile: controller.log, encoding: .utf8)
        #expect(log.contains("secret.invalid") || log.contains("outbound.credential-invalid"), "\(log.suffix(3000))")
        #expect(Canary.trace(in: log) == nil)
        let files = try Canary.files(below: stage.directories.data)
        #expect(files.isEmpty, "\(files.joined(separator: "\n\n"))")
        for type in ForgeType.allCases {
            let records = try Canary.files(below: "\(stage.doubleDirectory(type))/projects")
            #expect(records.isEmpty, "\(records.joined(separator: "\n\n"))")
        }
        let rows = try await stage.rowsWithSecrets()
        #expect(rows.isEmpty, "\(rows.joined(separator: "\n\n"))")
        let words = try Canary.files(below: "\(stage.clusterDirectory)/log")
        #expect(words.isEmpty, "\(words.joined(separator: "\n\n"))")
    }

    private static func expectNothing(in answers: [InterfaceWalk.Answer], _ when: String) async throws {
        for answer in answers {
            let trace = Canary.trace(in: answer.text)
            #expect(trace == nil, "\(answer.path) \(when): \(trace ?? "")")
        }
    }

    /// Webhooks and requests that come with the wrong secret, with another's, and with a secret in their body.
    private static func badWebhooks(_ stage: CanaryStage, _ walk: InterfaceWalk) async throws {
        let secret = stage.secret("gitlab-hook")
        let body = "{\"object_kind\": \"push\", \"note\": \"it is \(secret)\", \"\(secret)\": 1}"
        let json = ("Content-Type", "application/json")
        let answers = [
            try await walk.post("/hooks/gitlab", [json, ("X-Gitlab-Token", "\(secret)x")], body),
            try await walk.post("/hooks/gitlab", [json, ("X-Gitlab-Token", stage.secret("gitee-hook"))], body),
            try await walk.post(
                "/hooks/gitlab",
                [json, ("X-Gitlab-Token", secret), ("X-Gitlab-Event", "Push Hook"), ("X-Gitlab-Event-UUID", "1")], body),
            try await walk.post("/hooks/gerrit/\(stage.secret("gerrit-hook"))", [json], "{\"type\": 1}"),
            try await walk.post("/hooks/gerrit/\(stage.secret("gitee-hook"))", [json], "{}"),
            try await walk.get("/api/v1/resources", authorization: "Bearer \(stage.accessToken)x"),
        ]
        #expect(answers.map(\.status) == [401, 401, 202, 202, 401, 401])
        for answer in answers { #expect(Canary.trace(in: answer.text) == nil, "\(answer.text)") }
    }

    /// Requests that prove who sends them, rightly and wrongly, and some that bring secrets where none belong.
    private static func credentials(_ stage: CanaryStage, _ walk: InterfaceWalk) async throws {
        func basic(_ password: String) -> String { "Basic \(Data("keeper:\(password)".utf8).base64EncodedString())" }
        let right = basic(stage.secret("password"))
        let whoami = "/api/v1/access/whoami"
        let json = ("Content-Type", "application/json")
        let authorized = ("Authorization", "Bearer \(stage.accessToken)")
        let answers = [
            try await walk.get(whoami, authorization: right),
            try await walk.get("/api/v1/audit", authorization: right),
            try await walk.get(whoami, authorization: basic("\(stage.secret("password"))x")),
            try await walk.get(whoami, authorization: "Bearer slc_0123456789_\(stage.secret("password"))"),
            try await walk.get(whoami, authorization: "Bearer a.\(stage.secret("password")).b"),
            try await walk.get(
                "\(whoami)?token=\(stage.secret("password"))", authorization: "Bearer \(stage.accessToken)"),
            try await walk.post(
                "/api/v1/releases", [json, authorized],
                "{\"name\": \"x\", \"actor\": \"a\", \"spec\": {}, \"password\": \"\(stage.secret("password"))\"}"),
            try await walk.post(
                "/api/v1/releases/x/approve", [json, ("Authorization", right)],
                "{\"token\": \"\(stage.secret("password"))\"}"),
        ]
        #expect(answers.map(\.status) == [200, 403, 401, 401, 401, 400, 400, 404])
        for answer in answers { #expect(Canary.trace(in: answer.text) == nil, "\(answer.text)") }
        let audit = try await walk.get("/api/v1/audit?limit=500")
        #expect(audit.text.contains("keeper") && Canary.trace(in: audit.text) == nil)
    }

    /// What can be seen of the processes while a fetch is under way at every host.
    private static func processes(_ stage: CanaryStage, _ controller: ServedController) async throws {
        for type in ForgeType.allCases {
            // A fetch that was over before it was looked for comes again, and takes longer.
            var pause = 5
            while try await !isFetchSeen(at: type, lasting: pause, stage, controller) { pause *= 2 }
        }
    }

    /// Looks at all processes after an answer to git has begun of which a byte comes every `pause` milliseconds.
    /// - Returns: Whether a fetch was among them.
    private static func isFetchSeen(
        at type: ForgeType, lasting pause: Int, _ stage: CanaryStage, _ controller: ServedController
    ) async throws -> Bool {
        let double = try stage.double(type)
        double.log.clear()
        double.faults.set([Fault(.slowBody, on: "*land/registry*/info/refs*", pause: pause)])
        try await stage.revise(at: type)
        _ = try await eventually("a fetch from \(type)") {
            double.log.entries.contains { $0.path.contains(/land\/registry.*\/info\/refs/) } ? true : nil
        }
        let table = try ProcessTable.now()
        let own = table.entries.first { $0.id == controller.process.processIdentifier }
        for process in table.entries {
            #expect(Canary.trace(in: process.arguments) == nil, "\(process.line)")
            // The controller itself was given some of its secrets there; a child that is not yet another program shows
            // what the controller shows.
            guard process.arguments != own?.arguments else { continue }
            #expect(Canary.trace(in: process.environment) == nil, "the environment of \(process.line)")
        }
        try await stage.awaitVerdict(at: type, controller)
        return table.entries.contains { $0.line.contains(stage.directories.data) && $0.line.contains(" fetch ") }
    }
}
