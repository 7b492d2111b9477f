import DesiredState
import Diagnostics
import Forges
import Foundation
import GitClient
import PatchSeries
public import Reconciliation
import StateStore

extension UpstreamReconciler {
    /// Reads upstream, the package, and what there is on the code host.
    public func observe(_ request: ReconcileRequest) async throws -> UpstreamSight {
        guard let tracking = try await directory.tracking(named: request.key.name) else {
            return try await leaving(request)
        }
        if let suspension = tracking.spec.suspension(at: now()) { return .suspended(suspension) }
        let status = TrackingStatus(request.resource?.status) ?? TrackingStatus()
        if let place = status.place, place != TrackedPlace(tracking.spec) {
            return .moving(try await former(place, of: tracking, status), status)
        }
        let (seen, package) = try await hosted(tracking, status, age: request.waited)
        do {
            return .seen(try await watch(tracking, seen, package, request))
        } catch let error as SluiceError where error.kind == .stalled {
            var seen = seen
            seen.obstacle = TrackingObservation.Obstacle(message: error.message, hint: error.hint)
            return .seen(UpstreamWatch(tracking: tracking, package: package, seen: seen, commit: nil, error: error))
        }
    }

    /// Looks at upstream, and makes of it what is proposed.
    private func watch(
        _ tracking: Tracking, _ hosted: TrackingObservation, _ package: GitMirror, _ request: ReconcileRequest
    ) async throws -> UpstreamWatch {
        var seen = hosted
        let orders = try await store.orders.waiting(for: request.key)
        guard let upstream = try await upstream(of: tracking, age: Self.age(of: request, tracking.spec)) else {
            seen.orders = orders.map { judged($0, seen, isOnBranch: nil) }
            return UpstreamWatch(tracking: tracking, package: package, seen: seen, commit: nil)
        }
        let head = try await upstream.resolve(try .branch(tracking.spec.source.branch))
        seen.upstream = head
        seen.coversNothingNew = try await isPast(seen.status.covered, seen.status.cursor, in: upstream)
        for order in orders { seen.orders.append(try await judged(order, seen, in: upstream)) }
        guard seen.orders.isEmpty else {
            return UpstreamWatch(tracking: tracking, package: package, seen: seen, commit: nil)
        }
        if let head, let cursor = seen.status.cursor {
            seen.standing = try await upstream.speculate { try $0.standing(of: head, since: cursor) }
            try await keep(["cursor": cursor, "covered": seen.status.covered], of: tracking, in: upstream)
        }
        guard case .ahead? = seen.standing, seen.request?.hasEnded != true,
            seen.status.refused == nil || seen.request != nil,
            let head, let cursor = seen.status.cursor, let base = seen.package
        else { return UpstreamWatch(tracking: tracking, package: package, seen: seen, commit: nil) }
        let had = seen.status.known ?? []
        let notAsked = seen.status.notAsked ?? []
        let mentions = tracking.spec.reviewers.filter { !seen.canAskReviewers || notAsked.contains($0) }
        let key = ProposalCache.Key(
            spec: tracking.spec, cursor: cursor, head: head, base: base, known: had, mentions: mentions)
        if let known = await proposals.found(for: tracking.name, key), !seen.needsPush(of: known.proposal) {
            seen.proposal = known.proposal
            if known.proposal != nil { seen.status.absorbed = known.absorbed }
            return UpstreamWatch(tracking: tracking, package: package, seen: seen, commit: nil)
        }
        let scan = UpstreamScan(
            tracking: tracking, cursor: cursor, head: head, base: base, known: Set(had), mentions: mentions)
        let found = try await scan.look(upstream: upstream, package: package)
        let known = ProposalCache.Known(proposal: found?.proposal, absorbed: found?.absorbed ?? [])
        await proposals.remember(known, for: tracking.name, key)
        seen.proposal = known.proposal
        if found != nil { seen.status.absorbed = known.absorbed }
        return UpstreamWatch(tracking: tracking, package: package, seen: seen, commit: found?.commit)
    }

    /// What there is on the code host of the package.
    private func hosted(
        _ tracking: Tracking, _ status: TrackingStatus, age: Duration
    ) async throws -> (TrackingObservation, GitMirror) {
        let package = try await directory.package(of: tracking, age: age)
        var seen = TrackingObservation(spec: tracking.spec, status: status, time: now())
        seen.package = try await package.resolve(try .branch(tracking.spec.package.branch))
        if let head = try await package.resolve(try tracking.branch) {
            seen.branch = try await sight(of: head, seen, tracking, in: package)
        }
        seen.request = try await mergeRequest(of: tracking, seen, in: package)
        seen.status.covered = try await covered(seen, tracking, in: package)
        do {
            seen.issueIsOpen = try await issue(of: tracking).map { $0.state == .open }
        } catch let error as SluiceError where error.kind != .transient {
            // A project may do without issues; nothing else waits for them.
            seen.issueProblem = error.message
        }
        seen.canAskReviewers = tracking.forge.capabilities.contains(.reviewers)
        return (seen, package)
    }

    /// What there is where the upstream was before; nil when that code host is not desired any more.
    private func former(
        _ place: TrackedPlace, of tracking: Tracking, _ status: TrackingStatus
    ) async throws -> UpstreamWatch? {
        let tracked: Tracking?
        do {
            tracked = try await directory.tracking(named: tracking.name, as: place.spec(tracking.spec))
        } catch let error as SluiceError where error.code == "upstream.incomplete" { tracked = nil }
        guard let tracked else { return nil }
        var (seen, package) = try await hosted(tracked, status, age: .zero)
        if seen.request?.hasEnded == true, let covered = seen.status.covered {
            // A commit that cannot be seen is no place for the cursor.
            seen.coversNothingNew = true
            if let upstream = try await upstream(of: tracking, age: .zero), try await upstream.contains(covered) {
                seen.coversNothingNew = try await isPast(covered, status.cursor, in: upstream)
            }
        }
        return UpstreamWatch(tracking: tracked, package: package, seen: seen, commit: nil)
    }

    /// What is left of an upstream that is not desired any more.
    private func leaving(_ request: ReconcileRequest) async throws -> UpstreamSight {
        guard let resource = request.resource, resource.deletionRequestedAt != nil else { return .gone }
        let name = request.key.name
        do {
            guard let spec = try? ResourceSpec(kind: .upstream, json: resource.spec).upstream else {
                return .abandoned(because: "what it was cannot be read any more")
            }
            let status = TrackingStatus(resource.status) ?? TrackingStatus()
            guard
                let tracking = try await directory.tracking(named: name, as: status.place?.spec(spec) ?? spec)
            else { return .abandoned(because: "its code host is not desired any more") }
            let (seen, package) = try await hosted(tracking, status, age: request.waited)
            return .leaving(UpstreamWatch(tracking: tracking, package: package, seen: seen, commit: nil))
        } catch let error as SluiceError where error.saysProjectIsGone || error.code == "upstream.incomplete" {
            return .abandoned(because: error.message)
        }
    }

    /// An order with what keeps it from being carried out.
    private func judged(
        _ order: Order, _ seen: TrackingObservation, in upstream: GitMirror
    ) async throws -> TrackingOrder {
        guard case .moveCursor(let commit)? = TrackingCommand(verb: order.verb, arguments: order.arguments),
            let head = seen.upstream, try await upstream.contains(commit)
        else { return judged(order, seen, isOnBranch: false) }
        return judged(order, seen, isOnBranch: try await upstream.isAncestor(commit, of: head))
    }

    /// - Parameter isOnBranch: Whether upstream's branch has the commit; nil when there is no branch.
    private func judged(_ order: Order, _ seen: TrackingObservation, isOnBranch: Bool?) -> TrackingOrder {
        var judged = TrackingOrder(
            id: order.id, actor: order.actor,
            command: TrackingCommand(verb: order.verb, arguments: order.arguments))
        switch judged.command {
        case .moveCursor(let commit)?:
            let branch = seen.spec.source.branch
            if isOnBranch == nil { judged.obstacle = "upstream has no branch \(branch)" }
            if isOnBranch == false {
                judged.obstacle = "upstream's branch \(branch) does not have the commit \(commit.abbreviated)"
            }
        case .reopen?:
            if seen.status.refused == nil { judged.obstacle = "no merge request was refused since the cursor moved" }
        case nil: judged.obstacle = "nobody knows what \(order.verb) means"
        }
        return judged
    }

    /// Keeps commits from being thrown away when upstream's branch is moved by force, by references that no fetch touches.
    private func keep(_ commits: [String: ObjectID?], of tracking: Tracking, in upstream: GitMirror) async throws {
        for (name, commit) in commits {
            let reference = try RefName("refs/upstreams/\(tracking.name)/\(name)")
            let old = try await upstream.resolve(reference)
            guard let commit, commit != old, try await upstream.contains(commit) else { continue }
            try await upstream.update([ReferenceUpdate(reference, from: old, to: commit)])
        }
    }

    /// Whether a cursor is at a commit or beyond it. One that cannot be seen is not.
    private func isPast(_ commit: ObjectID?, _ cursor: ObjectID?, in upstream: GitMirror) async throws -> Bool {
        guard let commit, let cursor else { return false }
        return try await upstream.speculate { trial in
            if commit == cursor { return true }
            guard try trial.contains(commit), try trial.contains(cursor) else { return false }
            return try trial.isAncestor(commit, of: cursor)
        }
    }

    /// How old what is known of upstream may be. Where nothing but the time asks, a look may be a little behind: upstreams of one
    /// project, each with a time of its own, so have their fetches together.
    private static func age(of request: ReconcileRequest, _ spec: UpstreamSpec) -> Duration {
        request.waited > .zero ? max(request.waited, min(spec.interval / 60, .seconds(60))) : .zero
    }

    /// Upstream's repository; nil when it has no such branch.
    private func upstream(of tracking: Tracking, age: Duration) async throws -> GitMirror? {
        do {
            return try await directory.upstream(of: tracking, age: age)
        } catch let error as SluiceError where error.code == "git.reference-missing" {
            return nil
        }
    }

    /// The merge request that is remembered, or one that is open from the branch, or a merge of which only the branch tells.
    private func mergeRequest(
        of tracking: Tracking, _ seen: TrackingObservation, in package: GitMirror
    ) async throws -> TrackingObservation.Request? {
        let (forge, project) = (tracking.forge, try tracking.project)
        let (source, target) = (try tracking.branch, try RefName.branch(tracking.spec.package.branch))
        // Elsewhere the number is a stranger's.
        if let known = seen.status.request,
            let found = try await forge.mergeRequest(try CandidateID(known), project: project),
            found.target == target, found.source ?? source == source,
            found.isOurs || seen.status.place == TrackedPlace(tracking.spec)
        {
            return TrackingObservation.Request(found)
        }
        let open = try await forge.openMergeRequests(from: source, into: target, project: project)
        if let found = open.first(where: \.isOurs) ?? open.first { return TrackingObservation.Request(found) }
        guard let branch = seen.branch, branch.covered != nil, branch.isInPackage else { return nil }
        return TrackingObservation.Request(id: nil, state: .merged(as: nil), head: branch.head)
    }

    /// The commit of upstream that the merge request leads to: by the commits themselves where they are to be seen.
    private func covered(
        _ seen: TrackingObservation, _ tracking: Tracking, in package: GitMirror
    ) async throws -> ObjectID? {
        if let head = seen.request?.head, try await package.contains(head) {
            if let covered = try await sight(of: head, seen, tracking, in: package).covered { return covered }
        }
        return seen.branch?.covered ?? seen.status.covered
    }

    private func sight(
        of head: ObjectID, _ seen: TrackingObservation, _ tracking: Tracking, in package: GitMirror
    ) async throws -> TrackingObservation.Branch {
        let (tip, base) = (seen.package, seen.status.base)
        return try await package.speculate {
            try $0.sight(of: head, tracking: tracking.name, package: tip, base: base)
        }
    }

    /// Our issue; nil when there is none, or the host has no issues.
    func issue(of tracking: Tracking) async throws -> Issue? {
        guard tracking.forge.capabilities.contains(.issues) else { return nil }
        return try await tracking.forge.issue(marked: try tracking.marker, project: try tracking.project)
    }
}

extension TrackingObservation {
    /// Whether the branch would have to be brought to what is proposed.
    fileprivate func needsPush(of proposal: Proposal?) -> Bool {
        guard let proposal else { return false }
        return branch?.hasForeignCommits != true && branch?.head != proposal.commit
    }
}

extension TrackingObservation.Request {
    fileprivate init(_ request: MergeRequest) {
        self.init(id: request.id, state: request.state, head: request.head, isOurs: request.isOurs)
    }

    /// Whether it was merged or closed.
    var hasEnded: Bool {
        switch state {
        case .merged, .closed: true
        case .open, .unknown: false
        }
    }
}
