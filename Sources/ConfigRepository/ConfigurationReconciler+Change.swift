import DesiredState
import Foundation
public import StateStore

extension ConfigurationReconciler {
    /// Everything that is written when a revision comes into force.
    func change(
        to revision: ConfigurationRevision, _ delta: ConfigurationDelta, _ resources: [Resource<ResourceSpec>],
        _ sight: Sight
    ) -> NewConfigurationChange {
        let confirmed = sight.seen.confirmation
        let usesConfirmation = confirmed.deletions > 0 || confirmed.revision != nil
        var expecting = sight.expecting
        // A newer word than the one that was read is not to go with it.
        if usesConfirmation { expecting[Configuration.confirmation] = .some(sight.confirmation) }
        return NewConfigurationChange(
            source: source.name, revision: revision, entries: delta.entries,
            store: resources.map { DesiredResource($0, managedBy: Configuration.key) } + [memory(of: revision)],
            retire: delta.retired,
            remove: delta.removed
                + (usesConfirmation ? [Configuration.confirmation] : []),
            enqueue: delta.concerned(among: resources, sight.seen.inForce), expecting: expecting)
    }

    /// Makes sure that there is an object on which things can be said.
    func remember() async throws {
        if try await store.resources.get(Configuration.key)?.spec["source"] == source.identity { return }
        try await store.resources.store([DesiredResource(Configuration.key, spec: ["source": source.identity])])
    }

    private func memory(of revision: ConfigurationRevision) -> DesiredResource {
        DesiredResource(
            Configuration.key, spec: ["source": source.identity, "revision": revision.json])
    }
}

extension ConfigurationRevision {
    var json: JSONValue {
        [
            "id": .string(id), "author": author.map { .string($0) } ?? .null,
            "subject": subject.map { .string($0) } ?? .null,
            "authoredAt": authoredAt.map { .string($0.formatted(.iso8601)) } ?? .null,
        ]
    }
}

extension DesiredResource {
    /// A resource as it is stored, with whose word it is.
    init(_ resource: Resource<ResourceSpec>, managedBy manager: ResourceKey) {
        self.init(
            resource.key, spec: resource.spec.json, metadata: resource.document["metadata"] ?? [:], owner: manager)
    }
}

extension ConfigurationDelta {
    /// What goes with its reconciler having the last word.
    var retired: [ResourceKey] { pruned.filter { ResourceKind(rawValue: $0.kind)?.isReconciled ?? false } }

    /// What goes at once.
    var removed: [ResourceKey] { pruned.filter { !(ResourceKind(rawValue: $0.kind)?.isReconciled ?? false) } }

    /// What is to be looked at: what changes or goes, and what depends on what changes, as far as anybody reconciles it. Pure.
    func concerned(
        among resources: [Resource<ResourceSpec>], _ inForce: [ResourceInForce]
    ) -> [EnqueueRequest] {
        let changed = Set(entries.map(\.key))
        let all = Dictionary(
            inForce.compactMap(\.resource).map { ($0.key, $0) } + resources.map { ($0.key, $0) }
        ) { _, last in last }
        let concerned = all.values.filter { resource in
            resource.spec.kind.isReconciled
                && (changed.contains(resource.key) || !resource.dependencies.isDisjoint(with: changed))
        }.map(\.key)
        // What goes is looked at also when it cannot be read any more.
        return Set(concerned + retired).sorted().map {
            EnqueueRequest($0, lane: .observe, reason: "desired state changed", liftsQuarantine: true)
        }
    }
}

extension ConfigurationConfirmation {
    /// Leaves a person's word for the next change.
    public func leave(in store: StateStore) async throws {
        try await store.resources.store([
            DesiredResource(
                Configuration.confirmation,
                spec: ["deletions": .integer(deletions), "revision": revision.map { .string($0) } ?? .null],
                owner: Configuration.key)
        ])
    }
}
