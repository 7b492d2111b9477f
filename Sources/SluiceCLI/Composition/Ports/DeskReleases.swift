import ConfigRepository
import ControlAPI
import DesiredState
import Diagnostics
import Foundation
import GitClient
import ReleasePromotion
import StateStore

/// What people ask of releases, decided by ``ReleaseDesk`` and written as a change of desired state with its record.
struct DeskReleases: ReleaseRequests {
    let keeper: DesiredStateKeeper
    let store: StateStore
    let configuration: ConfigurationByHand

    func submit(_ name: String, _ spec: JSONValue, by actor: String) async throws -> Int64 {
        let key = ResourceKey(kind: ResourceKind.release.rawValue, name: name)
        guard try await keeper.state().releases[name] == nil else {
            throw SluiceError(
                "release.exists", .conflict, "there is a release of that name already", hint: "take another name")
        }
        guard try await store.resources.get(key) == nil else {
            throw SluiceError(
                "release.exists", .conflict, "the release that had this name is still being taken out",
                hint: "take another name, or see what it waits for: sluice explain release \(name)")
        }
        guard let written = try ResourceSpec(kind: .release, json: spec).release else { throw Self.unknown }
        let taken = try ReleaseDesk.submit(written, by: actor, try await rules(of: written), at: Date())
        let document: JSONValue = [
            "apiVersion": .string(ResourceKind.apiVersion), "kind": .string(key.kind),
            "metadata": ["name": .string(name)], "spec": ResourceSpec.release(taken).json,
        ]
        let file = DesiredStateFile(path: "release.yaml", bytes: Array(YAMLText.of(document).utf8))
        _ = try await configuration.apply(.init(files: [file], author: actor, isFromDesk: true))
        return try await look(at: key)
    }

    func ask(_ command: ReleaseCommand, of name: String, by actor: String) async throws -> Int64 {
        let key = ResourceKey(kind: ResourceKind.release.rawValue, name: name)
        guard let known = try await keeper.state().releases[name] else { throw Self.unknown }
        let rules = try await rules(of: known)
        let status = ReleaseStatus(try await store.resources.get(key)?.status)
        _ = try await configuration.edit(key, by: actor, subject: command.words) { spec in
            guard let release = spec.release else { throw Self.unknown }
            return .release(
                try ReleaseDesk.decide(command, by: actor, on: release, rules, status: status, at: Date()))
        }
        return try await look(at: key)
    }

    private func look(at key: ResourceKey) async throws -> Int64 {
        try await store.queue.enqueue(
            EnqueueRequest(key, lane: .observe, reason: "requested", priority: 10, liftsQuarantine: true)
        ).pass
    }

    private func rules(of release: ReleaseSpec) async throws -> ControlRepositorySpec {
        guard let rules = try await keeper.state().controlRepositories[release.repository] else {
            throw SluiceError(
                "release.repository-unknown", .stalled, "the release's ControlRepository is not desired",
                hint: "sluice get controlrepositories shows which there are")
        }
        return rules
    }

    private static let unknown = SluiceError(
        "release.unknown", .stalled, "there is no release of that name",
        hint: "sluice get releases shows which there are")
}

extension ReleaseCommand {
    /// What is asked, for the record.
    var words: String {
        switch self {
        case .approve(let tree): "approve \(tree.hex)"
        case .promote(let target): "promote to \(target)"
        case .rollback: "roll back"
        case .resume: "resume"
        case .cancel: "cancel"
        case .declareEmergency(let reason): "declare an emergency: \(reason)"
        case .accept(let branch, let tree): "accept \(tree.hex) on \(branch)"
        }
    }
}
