import DesiredState
public import Forges
import Foundation
import GitClient

@testable import CandidateDatabases

/// Values for tables of cases: commits, keys and databases by a letter or a word.
enum Sample {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)
    static let failure = DeployFailure(
        code: "changelog.changeset-failed", message: "relation \"staff\" does not exist", file: "data-model/tables.xml",
        line: 12, hint: nil)
    static let spec = RegistrySpec(
        forge: "local", project: "land", server: "dev",
        changelogs: [ChangelogSpec(path: "data-model/main-liquibase.xml", contexts: ["all", "pub"])])

    static func commit(_ letter: Character = "a") throws -> ObjectID {
        try ObjectID(String(repeating: letter, count: 40))
    }

    static func key(_ word: String = "current") throws -> ContentKey {
        let circumstances = ContentKey.Circumstances(engine: "1", reference: word, reader: "r", spec: spec)
        return ContentKey.base(trees: WatchedTrees(["data-model": try commit()]), circumstances)
    }

    static func observation() throws -> CandidateObservation {
        CandidateObservation(
            id: "1", publishedName: "registry-dev-1", buildName: "build", retiredName: "old", revision: try commit("a"),
            base: try commit("0"),
            key: try key())
    }

    static func provenance(
        candidate: String? = "1", role: Provenance.Role = .candidate, state: Provenance.State,
        key word: String = "current",
        revision: Character = "a", at: Date = now
    ) throws -> Provenance {
        Provenance(
            instance: "test", registry: "land", role: role, candidate: candidate, revision: try commit(revision),
            base: try commit("0"), key: try key(word), state: state, changeSets: 3, at: at)
    }

    static func database(
        _ name: String, state: Provenance.State, key: String = "current", revision: Character = "a"
    ) throws -> GateDatabase {
        .init(name: name, provenance: try provenance(state: state, key: key, revision: revision))
    }
}

extension CandidateID: ExpressibleByStringLiteral {
    /// An id that the test has written itself.
    public init(stringLiteral value: String) {
        do { self = try CandidateID(value) } catch { preconditionFailure("\(value) is no id: \(error)") }
    }
}
