import DesiredState
import Diagnostics
import Foundation
import PostgresClient
import Terminal

/// The real world that the demonstration looks at to see whether what it tells is true: git notes, the REST interface
/// and PostgreSQL's catalogs. It never asks the controller's memory.
struct DemoWorld: Sendable {
    let git: DemoGit
    let client: ControlClient
    let server: PostgresServer
    let clock = ContinuousClock()

    /// Waits for a verdict on a commit, and says which it was and how long it took.
    func verdict(on commit: String) async throws -> (label: String, took: Duration) {
        let start = clock.now
        let label = try await Patience.wait(for: "a verdict on \(commit.prefix(8))") {
            let first = try await git.note(on: commit)?.words(at: "\n").first.map(String.init)
            return ["+1", "-1"].first { first == "Verified: \($0)" }
        }
        return (label, clock.now - start)
    }

    /// Waits until a database is gone.
    func absence(of database: String) async throws {
        _ = try await Patience.wait(for: "the database \(database) to be dropped") {
            try await server.database(database) == nil ? true : nil
        }
    }

    /// Waits until the controller has settled a candidate: the status follows the verdict by a moment.
    func state(of candidate: String, is state: String) async throws {
        _ = try await Patience.wait(for: "candidate \(candidate) to be \(state)") {
            let resource = try await client.get(
                ["api", "v1", "resources", "Candidate", SampleRegistry.name, candidate]).body
            return resource["status"]?["state"]?.string == state ? true : nil
        }
    }

    /// The names of the databases in which candidates' tables can be read.
    func candidateDatabases() async throws -> [String] {
        try await server.listDatabases(prefix: "registry-dev-").map(\.name).filter { $0 != "registry-dev-master" }
            .sorted()
    }

    /// Waits until master's tables can be read over REST as of a commit, and gives their names.
    func masterTables(at commit: String) async throws -> [String] {
        try await Patience.wait(for: "master's tables at \(commit.prefix(8))") {
            let reply = try await client.get(["versions", "master", "tables"])
            guard reply.header("Sluice-Revision") == commit else { return nil }
            return reply.body.array?.compactMap { $0["name"]?.string }
        }
    }

    /// The names of a candidate's tables, over REST.
    func tables(of candidate: String) async throws -> [String] {
        let reply = try await client.get(["versions", "candidates", candidate, "tables"])
        return reply.body.array?.compactMap { $0["name"]?.string } ?? []
    }
}
