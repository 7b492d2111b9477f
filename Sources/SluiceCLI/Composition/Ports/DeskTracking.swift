import ControlAPI
import DesiredState
import Diagnostics
import Foundation
import GitClient
import StateStore
import UpstreamTracking

/// Upstreams as the items of patch-tracking. What is desired changes by the same way as by `sluice apply`; a cursor moves by an
/// order.
struct DeskTracking: TrackingDesk {
    let keeper: DesiredStateKeeper
    let store: StateStore
    let upstreams: DeskUpstreams
    /// The Forge of packages that are named without an address.
    let forge: String?

    func items() async throws -> [(name: String, item: TrackingItem)] { try await named().map { ($0.name, $0.item) } }

    func forge(of item: TrackingItem) async throws -> String { try await place(of: item).forge }

    func issues() async throws -> [(name: String, issue: TrackedIssue)] {
        try await named().compactMap { upstream in
            upstream.status?.issue.map {
                (upstream.name, TrackedIssue(issue: $0, repo: upstream.item.repo, branch: upstream.item.branch))
            }
        }
    }

    func upstream(of item: TrackingItem) async throws -> (name: String, isThere: Bool) {
        let place = try await place(of: item)
        return (place.name, place.known != nil)
    }

    /// Where an item belongs: on which Forge, as which upstream, and what that is now.
    private func place(
        of item: TrackingItem
    ) async throws -> (forge: String, name: String, known: UpstreamSpec?) {
        let state = try await keeper.state()
        let forge = try Self.forge(of: item, among: state.forges, orElse: self.forge)
        let known = state.upstreams.filter { _, spec in
            spec.package.forge == forge && spec.package.project == item.project && spec.package.branch == item.branch
        }.min { $0.key < $1.key }
        return (forge, known?.key ?? item.name(apartFrom: Set(state.upstreams.keys)), known?.value)
    }

    func put(_ item: TrackingItem, by user: String) async throws {
        let (forge, name, known) = try await place(of: item)
        guard let known else {
            _ = try await upstreams.apply(try item.manifest(named: name, forge: forge), named: name, by: user)
            return
        }
        let stored = try await store.resources.get(ResourceKey(kind: ResourceKind.upstream.rawValue, name: name))
        for step in item.steps(start: known.source.start, cursor: TrackingStatus(stored?.status)?.cursor) {
            switch step {
            case .apply(let item):
                let manifest = try item.manifest(named: name, changing: known, metadata: stored?.metadata)
                _ = try await upstreams.apply(manifest, named: name, by: user)
            case .order(let command): _ = try await upstreams.order(command, of: name, by: user)
            }
        }
    }

    func upstreams(repo: String, branch: String?) async throws -> [String] {
        let found = try await named().filter { $0.item.repo == repo && (branch == nil || $0.item.branch == branch) }
        guard let first = found.first, found.contains(where: { $0.forge != first.forge }) else {
            return found.map(\.name)
        }
        // The same path on several forges: only where an item of this repository would be put.
        let forge = try Self.forge(of: first.item, among: try await keeper.state().forges, orElse: self.forge)
        return found.filter { $0.forge == forge }.map(\.name)
    }

    func remove(_ name: String, by user: String) async throws { _ = try await upstreams.remove(name, by: user) }

    private struct Named {
        let name: String
        let forge: String
        let item: TrackingItem
        let status: TrackingStatus?
    }

    private func named() async throws -> [Named] {
        let state = try await keeper.state()
        let stored = try await store.resources.list(kind: ResourceKind.upstream.rawValue)
        return stored.compactMap { resource in
            guard let spec = state.upstreams[resource.key.name] else { return nil }
            let status = TrackingStatus(resource.status)
            let item = TrackingItem(
                spec, annotations: resource.metadata["annotations"], cursor: status?.cursor?.hex)
            return Named(name: resource.key.name, forge: spec.package.forge, item: item, status: status)
        }
    }

    /// The Forge of a package: by its address, or the one that is said, or the only one that it can be.
    static func forge(
        of item: TrackingItem, among forges: [String: ForgeSpec], orElse said: String?
    ) throws(SluiceError) -> String {
        let byAddress = forges.filter { _, forge in
            guard let url = forge.url else { return false }
            return item.repo.lowercased().begins(with: url.lowercased() + (url.ends(with: "/") ? "" : "/"))
        }.keys.sorted()
        if let found = byAddress.first { return found }
        if let said { return said }
        let gitee = forges.filter { if case .gitee = $0.value.host { true } else { false } }.keys.sorted()
        let candidates = gitee.isEmpty ? forges.keys.sorted() : gitee
        guard let only = candidates.first, candidates.count == 1 else {
            throw SluiceError(
                "patch-tracking.forge-unclear", .stalled, "it is not clear which Forge the repository is on",
                hint: "say it to the controller: sluice serve --patch-tracking-forge NAME")
        }
        return only
    }
}

extension ForgeSpec {
    /// The address that people open; nil for a folder.
    fileprivate var url: String? {
        switch host {
        case .local: nil
        case .gerrit(let spec): spec.url
        case .gitLab(let spec): spec.url
        case .gitHub(let spec): spec.url
        case .gitee(let spec): spec.url
        }
    }
}
