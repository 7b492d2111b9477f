import DesiredState
import Forges
import GitClient
import PostgresClient
import Reconciliation
import TestSupport
import Testing

@testable import CandidateDatabases

/// One changeset of hostile SQL, and what its author is told.
struct HostileChangelog: Sendable {
    /// The candidate's id and its changeset's.
    let id: String
    /// Its whole SQL, one piece.
    let sql: String
    /// Parts of the verdict's body.
    let told: [String]
    /// Liquibase's attributes of the changeset.
    var attributes = "splitStatements:false"

    init(_ id: String, _ sql: String, _ told: String..., outsideTransaction: Bool = false) {
        self.id = id
        self.sql = sql
        self.told = told
        if outsideTransaction { attributes += " runInTransaction:false" }
    }

    var files: [String: ScriptedFile] {
        [
            "data-model/main.xml": .text(
                GateWorld.changelog(GateWorld.include("tables.sql") + GateWorld.include("\(id).sql"))),
            "data-model/\(id).sql": .text(
                "--liquibase formatted sql\n--changeset land:\(id) \(attributes)\n\(sql)\n"),
        ]
    }
}

extension GateWorld {
    static let neighbour = "neighbour"

    /// Pushes the changelogs as candidates beside an innocent one, judges all, and tells what came of each.
    /// - Parameter hasty: The registry for the time of the attack, whose short deadline is nobody else's.
    func attack(
        with changelogs: [HostileChangelog], judgedBy hasty: RegistrySpec? = nil
    ) async throws -> [String: VerdictReport] {
        let innocent = try await push(
            Self.adding("visit", "create schema own; create table visit (id int references parcel);"),
            as: Self.neighbour)
        var judge = self
        if let hasty {
            // The base and the innocent take as long as they take.
            try await settle()
            judge.spec = hasty
        }
        var revisions: [String: ObjectID] = [:]
        for changelog in changelogs { revisions[changelog.id] = try await push(changelog.files, as: changelog.id) }
        try await judge.wake()
        try await judge.engine().drain(limit: 10_000)
        var verdicts: [String: VerdictReport] = [:]
        for (id, revision) in revisions { verdicts[id] = try await requireVerdict(revision, of: id) }
        try await expectUnharmed(innocent)
        return verdicts
    }

    /// The innocent candidate is deployed, nothing is left over, and the next candidate is served.
    func expectUnharmed(_ innocent: ObjectID) async throws {
        #expect(try await requireVerdict(innocent, of: Self.neighbour).verdict == .success)
        #expect(try await tables(Self.neighbour) == ["parcel", "visit"])
        let left = try await leftovers()
        #expect(left.isEmpty)
        let next = try await push(Self.adding("next", "create table next (id int);"), as: "next")
        try await settle()
        #expect(try await requireVerdict(next, of: "next").verdict == .success)
    }

    /// Deletes all candidates; afterwards neither a database nor a login of theirs is left.
    func expectDismantled(_ ids: [String]) async throws {
        for id in ids { try await repository.delete("candidate/\(id)") }
        try await DeletionConfirmation.leave(10_000, for: Self.registryName, in: store)
        try await wake()
        try await engine().drain(limit: 10_000)
        let databases = try await published()
        #expect(databases.isEmpty)
        let logins = try await postgres.server.listRoles(prefix: registry.names.privatePrefix + "login")
        #expect(logins.isEmpty)
        #expect(try await leftovers().isEmpty)
    }
}

/// Expects -1 with everything that a changelog's author is to be told.
func expectRefused(_ changelogs: [HostileChangelog], _ verdicts: [String: VerdictReport]) {
    for changelog in changelogs {
        guard let verdict = verdicts[changelog.id] else {
            Issue.record("\(changelog.id) has no verdict")
            continue
        }
        #expect(verdict.verdict == .failed, "\(changelog.id)")
        for part in changelog.told {
            #expect(verdict.body.contains(part), "\(changelog.id): no \(part) in: \(verdict.body)")
        }
    }
}
