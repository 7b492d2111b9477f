import Diagnostics
import ForgeDoubles
import Forges
import Foundation
import GitClient
import Logging
import OutboundHTTP
import TestSupport

/// Where the gate's candidates come from in a test.
enum GateHost: String, CaseIterable, Sendable {
    case local, gerrit, gitlab

    static let project = "land/registry"
    private static let token = "sluice-token-0123456789"

    /// A host that runs.
    struct Place: Sendable {
        let forge: any GateForge
        let double: ForgeDouble?
        let repository: ScriptedRepository
    }

    /// Calls `body` with the host and its project, which has one commit on master.
    func serve(
        _ master: [String: ScriptedFile], in folder: String, _ body: @Sendable (Place) async throws -> Void
    ) async throws {
        guard let type = ForgeType(rawValue: rawValue) else {
            let repository = try await ScriptedRepository.create(at: "\(folder)/\(Self.project).git")
            try await repository.push(master, to: "master", message: "Begin")
            let forge = LocalForge(
                name: "local", folder: folder, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                now: { Date() })
            return try await body(Place(forge: forge, double: nil, repository: repository))
        }
        let double = try ForgeDouble(
            ForgeDoubleConfiguration(type: type, directory: folder, now: { Date() }),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let files = master.compactMapValues(\.text)
        try await double.administer { world in
            for (login, token) in [("ada", "ada-token"), ("sluice", Self.token)] {
                try await world.addToken(token, for: try await world.addAccount(login))
            }
            try await world.addProject(Self.project)
            try await world.commit(
                files.mapValues { Array($0.utf8) }, on: "master", of: Self.project, message: "Begin\n", by: "ada")
        }
        // Read by git where the double keeps it; what is written goes by the double.
        let repository = try await ScriptedRepository.create(at: "\(folder)/repositories/\(Self.project).git")
        try await double.serving { baseURL in
            let client = OutboundClient(
                destinations: DestinationGuard(policy: AddressPolicy(trusting: ["127.0.0.1"])),
                configuration: .init(connectTimeout: .seconds(120), deadline: .seconds(600)))
            let access = try ForgeAccess(
                name: rawValue, url: baseURL, user: type == .gerrit ? "sluice" : nil, client: client,
                secret: { Secret(Self.token) })
            let forge: any GateForge = type == .gerrit ? GerritForge(access) : GitLabForge(access)
            try await body(Place(forge: forge, double: double, repository: repository))
        }
    }
}

extension ScriptedFile {
    var text: String? { if case .text(let text) = self { text } else { nil } }
}

/// What people do at a host, and what the host has recorded.
extension GateWorld {
    /// Proposes a candidate, or pushes its next revision.
    func propose(_ files: [String: ScriptedFile], as id: String, at double: ForgeDouble) async throws -> ObjectID {
        let contents: [String: [UInt8]?] = files.compactMapValues(\.text).mapValues { Array($0.utf8) }
        return try await double.administer { world in
            if let number = Int(id), (try? await world.record(number, in: GateHost.project)) != nil {
                return try await world.revise(number, in: GateHost.project, changing: contents)
            }
            let candidate = try await world.propose(
                contents, from: "topic-\(id)", into: "master", of: GateHost.project, title: "Candidate \(id)", by: "ada"
            )
            guard let head = candidate.head else { throw NoVerdict(story: "the candidate has no head") }
            return head
        }
    }

    /// Gives a candidate up.
    func close(_ id: String) async throws {
        guard let double, let number = Int(id) else { return try await repository.delete("candidate/\(id)") }
        try await double.administer { try await $0.close(number, in: GateHost.project, by: "ada") }
    }

    /// What we have written on a candidate's revision more often than once.
    func writtenTwice(on revision: ObjectID, of id: String) async throws -> [String] {
        guard let double, let number = Int(id) else {
            let note = try await repository.git("notes", "--ref=verified", "show", revision.hex)
            let votes = note.split(separator: "\n").filter { $0.hasPrefix("Verified:") }
            return votes.count == 1 ? [] : votes.map(String.init)
        }
        return try await double.administer { world in
            let ours = try await world.addAccount("sluice").id
            let record = try await world.record(number, in: GateHost.project)
            let comments = record.comments.filter { $0.author == ours }
            var twice: [String] = []
            if world.type == .gerrit {
                // Messages cannot be edited: one for each thing that was said of each patch set.
                let texts = comments.map { "\($0.revision ?? 0) \($0.body)" }
                twice = texts.filter { text in texts.count { $0 == text } > 1 }
            } else if comments.count > 1 {
                twice = comments.map(\.body)
            }
            let statuses = try await world.statusRecords(in: GateHost.project).filter { $0.commit == revision }
            for (one, next) in zip(statuses, statuses.dropFirst())
            where one.state == next.state && one.summary == next.summary {
                twice.append("\(one.context) \(one.state)")
            }
            return twice
        }
    }
}
