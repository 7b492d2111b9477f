import DesiredState
import Diagnostics
public import Forges
public import Foundation
public import GitClient
public import StateStore

/// Decides what a registry's sweep does. Pure: what was observed in, what to do out.
public struct RegistryPlan: Hashable, Sendable {
    /// One decision of the sweep.
    public enum Action: Hashable, Sendable {
        /// Have a candidate looked at, for this revision; a run for another revision is cancelled.
        case look(id: CandidateID, revision: ObjectID)
        /// Have the base template of the target branch's head made, before anybody waits for it.
        case prepare(base: ObjectID)
        /// Let people read the tables of the target branch's head.
        case publishMaster(template: String, base: ObjectID, key: ContentKey)
        /// Remember since when a candidate is gone.
        case noteAbsence(id: CandidateID, since: Date)
        /// The candidate is back.
        case forgetAbsence(id: CandidateID)
        /// Have a candidate looked at whose dismantling was asked for already: a crash may have come between.
        case resumeDismantling(id: CandidateID)
        /// Have a candidate dismantled: it is confirmed to be gone, for long enough, within the budget.
        case dismantle(id: CandidateID, because: RegistryObservation.Absence)
        /// Drop a database that no candidate and no base accounts for.
        case dropOrphan(database: String, on: String? = nil)
        /// Drop a base template that the budget has no room for.
        case evictBaseTemplate(database: String, on: String? = nil)
    }

    /// Why the sweep stopped short of deleting.
    public struct Blocked: Hashable, Sendable {
        /// How many candidates and databases would have gone.
        public var wanted: Int
        /// How many a sweep may take.
        public var budget: Int
    }

    /// The policy that the sweep goes by.
    public struct Policy: Hashable, Sendable {
        /// How many candidates and orphans one sweep may delete.
        public var deletionBudget: Int
        /// How long a candidate must be gone.
        public var gracePeriod: Duration
        /// How many base templates are kept.
        public var baseTemplateBudget: Int
        /// How long a failed build is kept.
        public var keepFailed: Duration
        /// Deletions that a person has confirmed beyond the budget.
        public var confirmedDeletions: Int

        /// Makes a policy.
        public init(
            deletionBudget: Int = 10, gracePeriod: Duration = .zero, baseTemplateBudget: Int = 5,
            keepFailed: Duration = .zero, confirmedDeletions: Int = 0
        ) {
            self.deletionBudget = deletionBudget
            self.gracePeriod = gracePeriod
            self.baseTemplateBudget = baseTemplateBudget
            self.keepFailed = keepFailed
            self.confirmedDeletions = confirmedDeletions
        }
    }

    /// What to do, in order.
    public var actions: [Action]
    /// Set when more was to be deleted than the budget allows; then nothing is deleted.
    public var blocked: Blocked?
    /// Candidates that the forge does not show, about which nothing is done.
    public var invisible: [CandidateID]

    /// Decides.
    public static func decide(
        _ seen: RegistryObservation, _ policy: Policy, names: DatabaseNames
    ) -> RegistryPlan {
        let looks = looks(seen, names)
        let (notes, gone, invisible) = absences(seen, policy)
        let orphans = orphans(seen, policy, names)
        let allowed = max(policy.deletionBudget, policy.confirmedDeletions)
        let wanted = gone.count + orphans.count
        let deletions = wanted <= allowed ? gone + orphans : []
        return RegistryPlan(
            actions: looks + notes + deletions + evictions(seen, policy) + master(seen, names),
            blocked: wanted <= allowed ? nil : Blocked(wanted: wanted, budget: policy.deletionBudget),
            invisible: invisible)
    }

    /// A candidate is looked at unless it is settled on this revision under these circumstances and its database stands, under
    /// its name: a server that lost its last moments may have lost that.
    private static func looks(_ seen: RegistryObservation, _ names: DatabaseNames) -> [Action] {
        let known = Dictionary(seen.known.map { ($0.id, $0) }) { first, _ in first }
        let standing = Set(
            seen.databases.filter { $0.provenance?.state == .deployed }.map { Place(server: $0.server, name: $0.name) })
        return seen.open.flatMap { candidate -> [Action] in
            let memory = known[candidate.id]
            var actions: [Action] = []
            if memory?.absentSince != nil || memory?.isDeleting == true {
                actions.append(.forgetAbsence(id: candidate.id))
            }
            let isSettled =
                memory.map { memory in
                    let place = Place(server: memory.server, name: names.published(candidate.id.rawValue))
                    // Where nothing can be seen, nothing can be done either.
                    let isHidden = memory.server.map(seen.unreachable.contains) ?? false
                    let circumstances =
                        memory.server.map { seen.circumstancesElsewhere[$0] } ?? .some(seen.circumstances)
                    return memory.settledRevision == candidate.revision
                        && (isHidden
                            || memory.circumstances == circumstances
                                && (!memory.hasDatabase || standing.contains(place)))
                } ?? false
            if !isSettled { actions.append(.look(id: candidate.id, revision: candidate.revision)) }
            return actions
        }
    }

    /// A name on a server.
    private struct Place: Hashable {
        let server: String?
        let name: String
    }

    /// The target branch's head gets its base template as soon as it moves, so that its candidates find it ready and a
    /// master that does not deploy is known before a candidate meets it; then people can read its tables.
    private static func master(_ seen: RegistryObservation, _ names: DatabaseNames) -> [Action] {
        guard let head = seen.head else { return [] }
        let template = names.baseTemplate(head.key)
        let own = seen.databases.filter { $0.server == nil }
        let databases = Dictionary(own.map { ($0.name, $0.provenance) }) { first, _ in first }
        guard let made = databases[template], made?.state == .deployed else {
            return head.isBroken ? [] : [.prepare(base: head.commit)]
        }
        if let shown = databases[names.master], shown?.key == head.key, shown?.revision == head.commit { return [] }
        return [.publishMaster(template: template, base: head.commit, key: head.key)]
    }

    /// What is gone is dismantled, once it is confirmed and the grace period is over.
    private static func absences(
        _ seen: RegistryObservation, _ policy: Policy
    ) -> (notes: [Action], gone: [Action], invisible: [CandidateID]) {
        let known = Dictionary(seen.known.map { ($0.id, $0) }) { first, _ in first }
        var notes: [Action] = []
        var gone: [Action] = []
        var invisible: [CandidateID] = []
        for (id, absence) in seen.absences.sorted(by: { $0.key < $1.key }) {
            switch absence {
            case .stillOpen: continue
            case .notVisible: invisible.append(id)
            case .merged, .closed:
                let memory = known[id]
                if memory?.isDeleting == true {
                    notes.append(.resumeDismantling(id: id))
                    continue
                }
                let since = memory?.absentSince ?? seen.now
                if memory?.absentSince == nil { notes.append(.noteAbsence(id: id, since: since)) }
                if since.addingTimeInterval(policy.gracePeriod / .seconds(1)) <= seen.now {
                    gone.append(.dismantle(id: id, because: absence))
                }
            }
        }
        return (notes, gone, invisible)
    }

    /// Databases under our private prefix that no candidate accounts for, and failed builds that were kept long enough.
    ///
    /// The prefix holds a digest of installation and registry, so a database that a crash left without its comment is
    /// still known to be ours. A published name proves nothing: such a database needs its provenance, and then belongs
    /// to a candidate.
    private static func orphans(
        _ seen: RegistryObservation, _ policy: Policy, _ names: DatabaseNames
    ) -> [Action] {
        let ids = Set(seen.open.map(\.id) + seen.known.map(\.id)).union(seen.absences.keys)
        var accounted = seen.inUse.union([names.masterBuild, names.masterRetired])
        for id in ids { accounted.formUnion([names.build(id.rawValue), names.retired(id.rawValue)]) }
        return seen.databases.filter { database in
            guard database.name.begins(with: names.privatePrefix), !accounted.contains(database.name) else {
                return false
            }
            guard let provenance = database.provenance else { return true }
            switch (provenance.role, provenance.state) {
            case (.baseTemplate, .deployed): return false
            case (.candidate, .failed):
                let age = seen.now.timeIntervalSince(provenance.at)
                let isKept =
                    provenance.candidateID.map {
                        ids.contains($0) && names.failed($0.rawValue) == database.name
                    } ?? false
                return !isKept || age > policy.keepFailed / .seconds(1)
            default: return true
            }
        }.map { .dropOrphan(database: $0.name, on: $0.server) }
    }

    /// The base templates beyond the budget of each server, the longest unused first; never one that is about to be cloned.
    private static func evictions(_ seen: RegistryObservation, _ policy: Policy) -> [Action] {
        let templates = seen.databases.filter { database in
            database.provenance.map { $0.role == .baseTemplate && $0.state == .deployed } ?? false
        }
        let servers = Dictionary(grouping: templates, by: \.server).sorted { ($0.key ?? "") < ($1.key ?? "") }
        return servers.flatMap { server, templates in
            templates.sorted { ($0.provenance?.at ?? .distantPast) > ($1.provenance?.at ?? .distantPast) }
                .dropFirst(max(policy.baseTemplateBudget, 0))
                .filter { !seen.inUse.contains($0.name) && !seen.wantedTemplates.contains($0.name) }
                .map { .evictBaseTemplate(database: $0.name, on: server) }
        }
    }
}

extension RegistryPlan.Action {
    /// What is recorded of it; nil for what has no effect outside of the store.
    public var task: PlannedTask? {
        switch self {
        case .look, .prepare, .resumeDismantling, .noteAbsence, .forgetAbsence: nil
        case .publishMaster(let template, let base, _):
            PlannedTask("master.publish", target: base.hex, details: ["template": .string(template)])
        case .dismantle(let id, let absence):
            PlannedTask("candidate.dismantle", target: id.rawValue, details: ["because": .string("\(absence)")])
        case .dropOrphan(let name, let server):
            PlannedTask("database.drop-orphan", target: name, details: Self.details(server))
        case .evictBaseTemplate(let name, let server):
            PlannedTask("base-template.evict", target: name, details: Self.details(server))
        }
    }

    private static func details(_ server: String?) -> JSONValue { server.map { ["server": .string($0)] } ?? [:] }
}
