import CandidateDatabases
import ConfigRepository
import DesiredState
import Foundation
import ReleasePromotion
import StateStore
import Webhooks

/// Decides what a webhook leads to, by the desired state: which registries are looked at, and whether desired state itself
/// is. Reads nothing and does nothing.
///
/// A project is the one of a registry when the names are equal as their forge compares names; a part of a name, or a name
/// that contains it, is another project.
struct DeliveryRouting: Sendable {
    let state: StateInForce
    /// Where desired state is read from.
    let origin: DesiredStateOrigin?
    /// What a push changes nothing for.
    let resting: Set<ResourceKey>
    /// Where a path of this machine really leads to.
    let resolve: @Sendable (String) -> String

    init(
        state: StateInForce, origin: DesiredStateOrigin?, resting: Set<ResourceKey> = [],
        resolve: @escaping @Sendable (String) -> String = RepositoryPath.resolved
    ) {
        self.state = state
        self.origin = origin
        self.resting = resting
        self.resolve = resolve
    }

    /// By what is desired and how it stands now. Releases that are over do not wake whenever a branch moves.
    init(_ keeper: DesiredStateKeeper, _ origin: DesiredStateOrigin?, _ store: StateStore) async throws {
        let kind = ResourceKind.release.rawValue
        let names = try await store.resources.names(ofKind: kind, readyFor: ReleasePlan.reasonsOfRest)
        self.init(
            state: try await keeper.state(), origin: origin,
            resting: Set(names.map { ResourceKey(kind: kind, name: $0) }))
    }

    /// What becomes of a delivery.
    func decide(_ delivery: WaitingDelivery) -> DeliveryDecision {
        guard let scheme = WebhookScheme(rawValue: delivery.scheme) else { return decide(local: delivery) }
        let reading =
            if let known: WebhookHint = try? delivery.hint.decode() {
                WebhookReading.hint(known)
            } else if let body = delivery.body {
                scheme.reading(of: body, event: delivery.event)
            } else {
                WebhookReading.unreadable("it held a secret where none can be taken out")
            }
        switch reading {
        case .nothing(let reason): return DeliveryDecision(.ignored, because: reason)
        case .unreadable(let reason): return DeliveryDecision(.unreadable, because: reason)
        case .hint(let hint):
            var keys = concerned { isConcerned($0, by: hint, from: delivery.source) }
            if isConfiguration(hint, from: delivery.source) { keys.append(Configuration.key) }
            return decision(keys, hint: (try? JSONValue(encoding: hint)) ?? .null, because: "webhook")
        }
    }

    private func decide(local delivery: WaitingDelivery) -> DeliveryDecision {
        let document = delivery.body.flatMap { try? JSONValue(parsing: String(decoding: $0, as: UTF8.self)) }
        let hint = document ?? delivery.hint
        let keys: [ResourceKey]
        if let project = hint["project"]?.string {
            keys = concerned { $0.name == project } + (isConfiguration(project: project) ? [Configuration.key] : [])
        } else if let path = hint["repository"]?.string {
            keys = self.keys(at: path)
        } else {
            return DeliveryDecision(.unreadable, because: "it names neither a project nor a repository")
        }
        return decision(keys, hint: hint, because: "push")
    }

    /// What is looked at when a repository of this machine changes.
    func keys(at path: String) -> [ResourceKey] {
        let path = resolve(path)
        let keys = concerned { project in
            guard case .local(let forge)? = state.forges[project.forge]?.host else { return false }
            return resolve("\(forge.path)/\(project.name).git") == path
        }
        guard let config = origin?.localRepository, resolve(config) == path else { return keys }
        return keys + [Configuration.key]
    }

    private func concerned(_ isConcerned: (WatchedProject) -> Bool) -> [ResourceKey] {
        state.projects.filter(isConcerned).flatMap(\.keys).filter { !resting.contains($0) }
    }

    private func decision(_ keys: [ResourceKey], hint: JSONValue, because reason: String) -> DeliveryDecision {
        guard !keys.isEmpty else {
            return DeliveryDecision(.ignored, because: "nothing desired has this project", hint: hint)
        }
        return DeliveryDecision(.queued, hint: hint, wishes: keys.map { Self.wish($0, because: reason) })
    }

    /// The wish that something be looked at.
    static func wish(_ key: ResourceKey, because reason: String) -> EnqueueRequest {
        EnqueueRequest(key, lane: .observe, reason: reason, priority: 1)
    }

    /// Whether a hint is about the repository of desired state: the project that was named on its forge, or its address.
    private func isConfiguration(_ hint: WebhookHint, from source: String) -> Bool {
        guard case .repository(let place)? = origin else { return false }
        if let forge = place.forge {
            guard forge.name == source, let project = hint.project else { return false }
            return forge.spec.isSame(project, place.address)
        }
        guard let address = RepositoryAddress(place.address) else { return false }
        let known = state.forges[source]?.address
        let told = hint.project.flatMap { project in known.flatMap { RepositoryAddress("\($0)/\(project)") } }
        return hint.addresses.contains(address) || told == address
    }

    private func isConfiguration(project: String) -> Bool {
        origin?.localRepository.map { URL(filePath: $0).deletingPathExtension().lastPathComponent } == project
    }

    private func isConcerned(_ watched: WatchedProject, by hint: WebhookHint, from source: String) -> Bool {
        guard watched.forge == source, let forge = state.forges[source] else { return false }
        guard let project = hint.project else {
            return forge.address.flatMap { RepositoryAddress("\($0)/\(watched.name)") }
                .map { hint.addresses.contains($0) } ?? false
        }
        return forge.isSame(project, watched.name)
    }
}

extension ForgeSpec {
    /// The address that people open; nil for a folder.
    fileprivate var address: String? {
        switch host {
        case .local: nil
        case .gerrit(let spec): spec.url
        case .gitLab(let spec): spec.url
        case .gitHub(let spec): spec.url
        case .gitee(let spec): spec.url
        }
    }

    /// Whether two names are one project there; only Gerrit tells `Land` from `land`.
    fileprivate func isSame(_ one: String, _ other: String) -> Bool {
        switch host {
        case .local, .gerrit: one.utf8.elementsEqual(other.utf8)
        case .gitLab, .gitHub, .gitee: one.lowercased().utf8.elementsEqual(other.lowercased().utf8)
        }
    }
}
