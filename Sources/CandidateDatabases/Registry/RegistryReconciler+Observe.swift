import DesiredState
import Diagnostics
import Forges
import Foundation
import GitClient
public import Reconciliation
public import StateStore

extension RegistryReconciler {
    /// Lists the open candidates, the databases and what the store knows, and asks the forge about every candidate that
    /// is not listed.
    public func observe(_ request: ReconcileRequest) async throws -> Sight? {
        guard let registry = try await directory.registry(named: request.key.name) else { return nil }
        let project = try ProjectRef(registry.spec.project)
        let branch = try RefName.branch(registry.spec.branch)
        let listed = try await registry.forge.openCandidates(project: project, branch: branch)
        let open = listed.map { RegistryObservation.Open(id: $0.id, revision: $0.revision) }
        let stored = try await candidates(of: registry.name)
        let (elsewhere, troubles, away) = try await lookElsewhere(registry)
        let databases = try await registry.databases.census().mine.values.sorted { $0.name < $1.name } + away
        let known = stored.compactMap { Self.known($0, of: registry) }
        var absences: [CandidateID: RegistryObservation.Absence] = [:]
        for id in RegistryObservation.unlisted(open: open, known: known, databases: databases) {
            let state = try await registry.forge.candidate(id, project: project, branch: branch)
            absences[id] = RegistryObservation.Absence(state)
        }
        let fingerprint = try await fingerprints.fingerprint(for: registry)
        let templates = try await store.resources.list(
            kind: GateKey.baseTemplateKind,
            prefix: ResourceKey(kind: GateKey.baseTemplateKind, components: [registry.name, ""]).name)
        let head = try await head(of: registry, project, branch, listed, fingerprint, templates)
        var bases = Set(
            stored.compactMap { resource -> ObjectID? in
                guard let id = GateKey.parts(resource.key).flatMap({ try? CandidateID($0.rest) }),
                    open.contains(where: { $0.id == id })
                else {
                    return nil
                }
                return CandidateStatus(resource.status)?.base
            })
        if let head { bases.insert(head.commit) }
        var circumstancesElsewhere: [String: String] = [:]
        for (name, place) in elsewhere {
            let reference = try await fingerprints.fingerprint(for: place)
            circumstancesElsewhere[name] = place.judged(
                under: place.circumstances(reference: reference), head: head?.key)
        }
        let headTemplate = head.map { [registry.names.baseTemplate($0.key)] } ?? []
        let seen = RegistryObservation(
            head: head, open: open, known: known, absences: absences, databases: databases,
            inUse: Self.databasesInUse(registry, stored + templates),
            wantedTemplates: Set(stored.compactMap(Self.wantedTemplate) + headTemplate),
            circumstances: registry.judged(
                under: registry.circumstances(reference: fingerprint), head: head?.key),
            circumstancesElsewhere: circumstancesElsewhere, unreachable: Set(troubles.keys), now: now())
        return Sight(
            registry: registry, elsewhere: elsewhere, troubles: troubles, seen: seen,
            reference: RecordedReference(
                server: registry.serverName, database: registry.spec.referenceDatabase, structure: fingerprint),
            titles: Dictionary(listed.map { ($0.id, $0.title) }) { first, _ in first },
            policy: RegistryPlan.Policy(
                registry.spec, confirmedDeletions: try await confirmedDeletions(of: registry.name)),
            brokenBases: templates.compactMap { template in
                guard Self.base(of: template).map(bases.contains) ?? false else { return nil }
                return Self.failure(of: template, registry, databases)
            },
            forgottenTemplates: templates.filter { template in
                !(Self.base(of: template).map(bases.contains) ?? false) && template.nextLook == nil
            }.map(\.key))
    }

    /// The other servers where candidates are. One that cannot be reached holds up nothing but what is there.
    private func lookElsewhere(
        _ registry: GateRegistry
    ) async throws -> (places: [String: GateRegistry], troubles: [String: String], databases: [GateDatabase]) {
        var places: [String: GateRegistry] = [:]
        var troubles: [String: String] = [:]
        var databases: [GateDatabase] = []
        for name in try await directory.servers(of: registry.name) ?? [] where name != registry.serverName {
            do {
                guard let place = try await directory.registry(named: registry.name, on: name) else { continue }
                let census = try await place.databases.census()
                _ = try await fingerprints.fingerprint(for: place)
                places[name] = place
                databases += census.mine.values.sorted { $0.name < $1.name }.map {
                    GateDatabase(name: $0.name, provenance: $0.provenance, server: name)
                }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                troubles[name] = SluiceError(wrapping: error).message
            }
        }
        return (places, troubles, databases)
    }

    private func head(
        of registry: GateRegistry, _ project: ProjectRef, _ branch: RefName, _ open: [Candidate],
        _ fingerprint: String, _ templates: [StoredResource]
    ) async throws -> RegistryObservation.Head? {
        guard let commit = try await registry.forge.branchHead(project: project, branch: branch) else { return nil }
        // All open candidates come along at once: each will be looked at, and asks for nothing more then.
        let wanted = WantedCommits([commit], candidates: open, isHint: true)
        let repository = registry.watched(try await directory.repository(of: registry, having: wanted))
        let key = ContentKey.base(
            trees: try await repository.trees(at: commit), registry.circumstances(reference: fingerprint))
        let own = templates.first { $0.key == GateKey.baseTemplate(commit, of: registry.name) }
        let status = own.flatMap { BaseTemplateStatus($0.status) }
        let isBroken = status?.key == key.rawValue && status?.failure != nil
        return RegistryObservation.Head(
            commit: commit, key: key, isBroken: isBroken)
    }

    /// Why a base does not deploy; nil also when another commit with the same files made the template all the same.
    private static func failure(
        of template: StoredResource, _ registry: GateRegistry, _ databases: [GateDatabase]
    ) -> String? {
        guard let status = BaseTemplateStatus(template.status), let failure = status.failure,
            let key = ContentKey(rawValue: status.key)
        else { return nil }
        let name = registry.names.baseTemplate(key)
        let server = GateKey.base(template.key)?.server
        let isThere = databases.contains {
            $0.name == name && $0.server == server && $0.provenance?.state == .deployed
        }
        return isThere ? nil : failure.text
    }

    private static func wantedTemplate(_ stored: StoredResource) -> String? {
        guard let status = CandidateStatus(stored.status), status.settledRevision == nil else { return nil }
        return status.baseTemplate
    }

    private static func base(of template: StoredResource) -> ObjectID? {
        GateKey.base(template.key)?.commit
    }

    private func candidates(of registry: String) async throws -> [StoredResource] {
        let prefix = ResourceKey(kind: GateKey.candidateKind, components: [registry, ""]).name
        return try await store.resources.list(kind: GateKey.candidateKind, prefix: prefix)
    }

    private static func known(
        _ stored: StoredResource, of registry: GateRegistry
    ) -> RegistryObservation.Known? {
        guard let id = GateKey.parts(stored.key).flatMap({ try? CandidateID($0.rest) }) else { return nil }
        let status = CandidateStatus(stored.status)
        return RegistryObservation.Known(
            id: id, settledRevision: status?.settledRevision, circumstances: status?.circumstances,
            hasDatabase: status?.database != nil,
            absentSince: stored.spec["absentSince"]?.string.flatMap { try? Date($0, strategy: .iso8601) },
            isDeleting: stored.deletionRequestedAt != nil,
            server: status?.server == registry.serverName ? nil : status?.server)
    }

    /// The private databases that a reconciler of ours may be working on at this moment.
    private static func databasesInUse(_ registry: GateRegistry, _ stored: [StoredResource]) -> Set<String> {
        var names: Set<String> = []
        for resource in stored {
            guard let (_, rest) = GateKey.parts(resource.key) else { continue }
            if resource.key.kind == GateKey.candidateKind {
                names.formUnion([registry.names.build(rest), registry.names.retired(rest)])
            } else if let base = base(of: resource) {
                names.insert(registry.names.baseBuild(base))
            }
        }
        return names
    }

    /// How many deletions a person has confirmed since the last sweep.
    private func confirmedDeletions(of registry: String) async throws -> Int {
        let stored = try await store.resources.get(DeletionConfirmation.key(registry))
        return stored?.spec["deletions"]?.integer ?? 0
    }
}

/// A person's word that a sweep may delete more than its budget. It is used up by the next sweep.
public enum DeletionConfirmation {
    static func key(_ registry: String) -> ResourceKey { ResourceKey(kind: "DeletionConfirmation", name: registry) }

    /// Leaves the word for the next sweep.
    public static func leave(_ deletions: Int, for registry: String, in store: StateStore) async throws {
        try await store.resources.store([
            DesiredResource(key(registry), spec: spec(deletions), owner: GateKey.registry(registry))
        ])
    }

    /// Uses up the word as it was read; one that was given meanwhile is for the next sweep.
    static func use(_ deletions: Int, for registry: String, in store: StateStore) async throws {
        try await store.resources.remove(key(registry), having: spec(deletions))
    }

    private static func spec(_ deletions: Int) -> JSONValue { ["deletions": .integer(deletions)] }
}

extension RegistryObservation.Absence {
    init(_ state: CandidateState) {
        self =
            switch state {
            case .open: .stillOpen
            case .merged: .merged
            case .closed: .closed
            case .notVisible: .notVisible
            }
    }
}

extension RegistryPlan.Policy {
    init(_ spec: RegistrySpec, confirmedDeletions: Int) {
        self.init(
            deletionBudget: spec.cleanup.deletionBudget, gracePeriod: spec.cleanup.gracePeriod,
            baseTemplateBudget: spec.baseTemplateBudget, keepFailed: spec.cleanup.keepFailed,
            confirmedDeletions: confirmedDeletions)
    }
}
