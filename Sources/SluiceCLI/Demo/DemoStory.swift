import DesiredState
import Diagnostics
import Foundation
import PostgresClient
import Terminal

/// The story of the gate: four candidates, each of its own kind, from push to verdict to sweep.
///
/// Each chapter does something by the real tools and then looks at the real world until it sees what it tells; a chapter
/// that does not see it fails the demonstration.
struct DemoStory: Sendable {
    let world: DemoWorld
    let narrator: Narrator

    private var git: DemoGit { world.git }

    private static let masterTables = ["land_use", "parcel", "region", "subject"]

    /// Tells the chapters from the first push on.
    func tell() async throws {
        try await master()
        try await goodCandidate()
        let broken = try await brokenCandidate()
        try await editedInPlace()
        try await processOnly()
        try await overview()
        try await fixed(broken)
        try await leaving()
        try await history()
    }

    private func master() async throws {
        try narrator.chapter(3, "Master gets its data model")
        try narrator.say("Liquibase changelogs in XML, SQL and YAML, with data to load from CSV.")
        let commit = try await git.push(SampleRegistry.master, to: "master", message: "The land registry")
        let tables = try await world.masterTables(at: commit)
        try narrator.command("curl -s \(world.client.server.absoluteString)/versions/master/tables | jq '.[].name'")
        try narrator.show(tables.joined(separator: "\n"))
        try require(tables == Self.masterTables, "the reference database with master's changelog has master's tables")
    }

    private func goodCandidate() async throws {
        try narrator.chapter(4, "Candidate 101: a table more")
        try narrator.say(
            "A push to candidate/101 is how a candidate arrives. The hook wakes the controller, which clones")
        try narrator.say("the reference database, deploys master, seals that as a template, clones it and deploys 101.")
        let commit = try await git.push(
            SampleRegistry.visits, to: "candidate/101", message: "Keep visits to parcels")
        try await expect("+1", on: commit)
        try narrator.show(try await git.log(commit))
        let tables = try await world.tables(of: "101")
        try narrator.command(
            "curl -s \(world.client.server.absoluteString)/versions/candidates/101/tables | jq '.[].name'")
        try narrator.show(tables.joined(separator: "\n"))
        try require(tables == Self.masterTables + ["visit"], "candidate 101 has master's tables and its own")
        try require(try await world.candidateDatabases() == ["registry-dev-101"], "PostgreSQL has registry-dev-101")
    }

    private func brokenCandidate() async throws -> String {
        try narrator.chapter(5, "Candidate 102: a foreign key to a table that is not there")
        let commit = try await git.push(
            SampleRegistry.brokenInspections, to: "candidate/102", message: "Keep inspections of parcels")
        try await expect("-1", on: commit)
        let log = try await git.log(commit)
        try narrator.show(log)
        try require(
            log.holds("inspections.xml") && log.holds("staff"), "the verdict names the file and what is missing")
        try require(
            try await world.server.database("registry-dev-102") == nil,
            "there is no registry-dev-102: nobody reads half a deploy")
        return commit
    }

    private func editedInPlace() async throws {
        try narrator.chapter(6, "Candidate 103: a deployed changeset edited in place")
        try narrator.say("Master's changeset has run; databases that have it would never get the change.")
        let commit = try await git.push(
            SampleRegistry.editedInPlace, to: "candidate/103", message: "Shorten addresses")
        try await expect("-1", on: commit)
        let log = try await git.log(commit)
        try narrator.show(log)
        try require(log.holds("checksum"), "the verdict tells the checksums")
    }

    private func processOnly() async throws {
        try narrator.chapter(7, "Candidate 104: no data model touched")
        let commit = try await git.push(
            SampleRegistry.processOnly, to: "candidate/104", message: "Rename the process")
        try await expect("+1", on: commit)
        try narrator.show(try await git.log(commit))
        let tables = try await world.tables(of: "104")
        try require(tables == Self.masterTables, "its tables are master's")
    }

    private func overview() async throws {
        try narrator.chapter(8, "How things stand")
        for (candidate, state) in [("101", "ready"), ("102", "failed"), ("103", "failed"), ("104", "ready")] {
            try await world.state(of: candidate, is: state)
        }
        try await sluice("get", "candidates")
        try await sluice("explain", "candidate/\(SampleRegistry.name)/102")
    }

    private func fixed(_ broken: String) async throws {
        try narrator.chapter(9, "Candidate 102 is mended by a new push")
        let commit = try await git.push(
            SampleRegistry.fixedInspections, to: "candidate/102", message: "Inspectors are subjects")
        try await expect("+1", on: commit)
        try narrator.show(try await git.log(commit))
        try require(
            try await git.note(on: broken)?.begins(with: "Verified: -1") ?? false,
            "the former revision keeps its -1: a verdict belongs to one revision")
        try require(try await world.tables(of: "102").contains("inspection"), "the table inspection can be read")
    }

    private func leaving() async throws {
        try narrator.chapter(10, "101 is merged, 104 is given up")
        let before = try await world.candidateDatabases()
        let merged = try await git.merge("candidate/101")
        try await git.delete("candidate/104")
        for candidate in ["101", "104"] { try await world.absence(of: "registry-dev-\(candidate)") }
        let after = try await world.candidateDatabases()
        try narrator.say("databases before: \(before.joined(separator: ", "))")
        try narrator.say("databases after:  \(after.joined(separator: ", "))")
        try require(after == ["registry-dev-102"], "their databases are gone, the others stay")
        let tables = try await world.masterTables(at: merged)
        try require(tables == Self.masterTables + ["visit"], "master has the table visit now")
    }

    private func history() async throws {
        try narrator.chapter(11, "What was done")
        try await sluice("history", "--limit", "30")
        let runs = try await world.client.get(["api", "v1", "runs"], [("status", "running,lost")]).body
        try require(runs["items"]?.array?.allSatisfy { $0["status"]?.string != "lost" } ?? false, "no run was lost")
    }

    private func expect(_ label: String, on commit: String) async throws {
        let (verdict, took) = try await world.verdict(on: commit)
        let seconds = Age.seconds(.number(took / .seconds(1))) ?? ""
        guard verdict == label else {
            throw CommandFailure(
                .notReady, "the verdict on \(commit.prefix(8)) is \(verdict), and \(label) was to be expected",
                code: "demo.not-seen")
        }
        try narrator.seen("\(label) on \(commit.prefix(8)), \(seconds) after the push")
    }

    private func require(_ holds: Bool, _ sentence: String) throws {
        guard holds else {
            throw CommandFailure(.notReady, "this was not seen: \(sentence)", code: "demo.not-seen")
        }
        try narrator.seen(sentence)
    }

    /// Runs one of our own commands and shows what it prints.
    private func sluice(_ arguments: String...) async throws {
        try narrator.command("sluice \(arguments.joined(separator: " "))")
        var context = CommandContext.current
        context.console = Console(
            output: { text in try narrator.show(String(text.ends(with: "\n") ? text.dropLast() : text[...])) },
            talk: { text in try narrator.show(text) })
        context.environment["SLUICE_SERVER"] = world.client.server.absoluteString
        let status = await Sluice.run(arguments, in: context)
        guard status == .ok || status == .notReady else {
            throw CommandFailure(.internalError, "sluice \(arguments.joined(separator: " ")) failed")
        }
    }
}
